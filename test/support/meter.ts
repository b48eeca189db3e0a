import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { expect } from 'vitest'

import { connectDatabase } from '../../src/database/connect.ts'
import { createMeter, type Meter } from '../../src/metering/meter.ts'
import { reconcile } from '../../src/metering/reconcile.ts'
import { createPostgresStore } from '../../src/quota/postgres-store.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { type TestDatabase } from './test-database.ts'
import { whenDone } from './when-done.ts'

export interface TestMeterOptions {
  readonly database: TestDatabase
  /**
   * Whether the ledger has to explain at the end what was drawn on the budgets; `afresh`: over new connections, where the
   * database tells another time to them.
   */
  readonly reconciles: boolean | 'afresh'
}

export interface TestMeter {
  readonly meter: Meter
  /** Where its segments lie. */
  readonly folder: string
  /** What it told of its disk. */
  readonly alarms: readonly string[]
}

/** A meter in a folder of its own, which ships when it is told to, and at the end. */
export async function testMeter({ database, reconciles }: TestMeterOptions): Promise<TestMeter> {
  const folder = await temporaryFolder()
  const failures: unknown[] = []
  const alarms: string[] = []
  const gateway = randomUUID()
  // Of its own: some tests count what the gateway sends, or stop its clock.
  const own = connectDatabase({ url: database.url, applicationName: 'maat-background', max: 1 })
  whenDone(own.close)
  const meter = await createMeter({
    database: own,
    gateway,
    folder,
    onStuck: () => void alarms.push('stuck'),
    onFlowing: () => void alarms.push('flowing'),
    onFailure: (error) => failures.push(error),
  })
  whenDone(async () => {
    if (reconciles !== false) {
      await meter.ship()
      const isAfresh = reconciles === 'afresh'
      const told = isAfresh
        ? connectDatabase({ url: database.url, applicationName: 'maat' })
        : database
      const store = createPostgresStore(told)
      const { differences } = await reconcile({ database: own, store, wait: meter.ship })
      if (isAfresh) await told.close()
      expect([differences, failures]).toEqual([[], []])
    }
    await meter.close()
    await rm(folder, { recursive: true })
  })
  return { meter, folder: join(folder, gateway), alarms }
}
