import type { TestDatabase } from './test-database.ts'
import { testGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts'
import { query } from './postgres.ts'

/** Noon of a day so far ahead that every row made by the real clock lies behind it. */
export const NOON = '2100-03-01T12:00:00.000Z'

export interface StoppedGateway extends TestGateway {
  /** Lets time pass: at the gateway, and in the store of its budgets. */
  readonly pass: (seconds: number) => Promise<void>
  /** Draws on a budget as some other gateway would: so many points are gone from it. */
  readonly draw: (partition: string, subject: string, points: number) => Promise<void>
}

export type StoppedOptions = Omit<TestGatewayOptions, 'now' | 'monotonic'>

/** A gateway whose time stands still at NOON, in its database too, until a test lets some of it pass. */
export async function stoppedGateway(options: StoppedOptions = {}): Promise<StoppedGateway> {
  let passedMs = 0
  const gateway = await testGateway({
    reconciles: 'afresh',
    ...options,
    now: () => new Date(Date.parse(NOON) + passedMs),
    monotonic: () => passedMs,
  })
  const { database } = gateway
  await stopClock(database)
  return {
    ...gateway,
    async pass(seconds) {
      passedMs += seconds * 1000
      await query(
        database.url,
        `update stopped.clock set moment = '${NOON}'::timestamptz + ${passedMs} * interval '1 ms'`,
      )
    },
    async draw(partition, subject, points) {
      await database.pool.query(
        `insert into quota_budget (partition, subject, drawn, at) values ($1, $2, $3, clock_timestamp())
         on conflict (partition, subject) do update set drawn = excluded.drawn, at = excluded.at`,
        [partition, subject, points],
      )
    },
  }
}

/** The functions of the store find this clock before the server's own, on every connection from now on. */
async function stopClock({ url }: TestDatabase): Promise<void> {
  await query(
    url,
    `create schema stopped;
     create table stopped.clock as select '${NOON}'::timestamptz as moment;
     create function stopped.clock_timestamp() returns timestamptz language sql stable
       as 'select moment from stopped.clock';
     do $$ begin
       execute format('alter database %I set search_path = stopped, pg_catalog, public', current_database());
     end $$`,
  )
}
