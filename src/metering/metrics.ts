import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

import { type ErrorCode, ERRORS } from '../errors.ts'
import type { UsageRecord } from './usage-record.ts'

/** What the process counts of itself, for Prometheus. */
export interface Metrics {
  /** Counts an operation that was answered, and nothing of whose it was. */
  readonly observe: (
    record: Pick<UsageRecord, 'estimated' | 'points' | 'databaseUs' | 'durationUs' | 'bytes'>,
    code: ErrorCode | null,
  ) => void
  /** All of it as text. */
  readonly text: () => Promise<string>
  readonly contentType: string
}

/** What is looked at when somebody asks. */
export interface MetricSources {
  readonly pool: {
    readonly totalCount: number
    readonly idleCount: number
    readonly waitingCount: number
  }
  readonly quota: () => {
    readonly gateways: number
    readonly leases: number
    readonly isAway: boolean
  }
  /** Operations that run. */
  readonly inFlight: () => number
  /** Operations that cost more than their price said, so far. */
  readonly violations: () => number
  readonly meter: () => { readonly waiting: number; readonly lagSeconds: number }
}

/** No label has a value that a client could choose: codes of refusals, and words of ours. */
export function createMetrics(sources: MetricSources): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const registers = [register]
  const counter = (name: string, help: string) => new Counter({ name, help, registers })
  const operations = counter('maat_operations_total', 'Operations answered, refused ones too.')
  const refusals = new Counter({
    name: 'maat_refusals_total',
    help: 'Operations refused, by code.',
    labelNames: ['code'],
    registers,
  })
  // From zero: a first refusal is one more than before.
  for (const code of Object.keys(ERRORS)) refusals.inc({ code }, 0)
  const estimated = counter(
    'maat_points_estimated_total',
    'Points that priced operations could cost.',
  )
  const points = counter('maat_points_total', 'Points that operations cost.')
  const bytes = counter('maat_answer_bytes_total', 'Bytes of the bodies of answers.')
  const looseness = new Histogram({
    name: 'maat_looseness',
    help: 'Of each operation that ran, what it could cost by what it cost.',
    buckets: [1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100],
    registers,
  })
  const seconds = (name: string, help: string) =>
    new Histogram({ name, help, buckets: SECONDS, registers })
  const databaseSeconds = seconds(
    'maat_database_seconds',
    'What the statements of operations took.',
  )
  const operationSeconds = seconds(
    'maat_operation_seconds',
    'What operations took, statements included.',
  )

  gauge('maat_operations_in_flight', 'Operations that run.', sources.inFlight)
  gauge(
    'maat_gateways',
    'Gateways that share the budgets, this one included.',
    () => sources.quota().gateways,
  )
  gauge('maat_leases', 'Leases that this gateway holds.', () => sources.quota().leases)
  gauge('maat_quota_store_up', 'Whether the store of the budgets answers.', () =>
    sources.quota().isAway ? 0 : 1,
  )
  gauge(
    'maat_meter_waiting_records',
    'Usage records in memory alone: the disk does not take them.',
    () => sources.meter().waiting,
  )
  gauge(
    'maat_meter_lag_seconds',
    'Time since everything recorded was in the ledger.',
    () => sources.meter().lagSeconds,
  )
  void new Counter({
    name: 'maat_price_violations_total',
    help: 'Operations that cost more than their price said: a defect each.',
    registers,
    collect() {
      this.reset()
      this.inc(sources.violations())
    },
  })
  void new Gauge({
    name: 'maat_pool_connections',
    help: 'Connections to the database, and operations that wait for one.',
    labelNames: ['state'],
    registers,
    collect() {
      const { totalCount, idleCount, waitingCount } = sources.pool
      this.set({ state: 'busy' }, totalCount - idleCount)
      this.set({ state: 'idle' }, idleCount)
      this.set({ state: 'waiting' }, waitingCount)
    },
  })

  function gauge(name: string, help: string, value: () => number): void {
    void new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value())
      },
    })
  }

  return {
    contentType: register.contentType,
    text: () => register.metrics(),
    observe(record, code) {
      operations.inc()
      bytes.inc(record.bytes)
      operationSeconds.observe(record.durationUs / 1e6)
      if (code !== null) refusals.inc({ code })
      if (record.estimated === null) return
      estimated.inc(record.estimated)
      points.inc(record.points)
      if (record.databaseUs > 0) databaseSeconds.observe(record.databaseUs / 1e6)
      if (code === null && record.points > 0) looseness.observe(record.estimated / record.points)
    },
  }
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5]
