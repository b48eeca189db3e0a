import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { type Job, type Jobs, startJobs } from '../../../src/jobs/jobs.ts'
import { testDatabase, type TestDatabase } from '../../support/test-database.ts'
import { whenDone } from '../../support/when-done.ts'

describe('a job', () => {
  test('runs at first, and not again before it is due', async () => {
    const database = await testDatabase()
    const { jobs, runs } = started(database, { work: async () => {} })
    expect(await jobs.runDue()).toEqual(['work'])
    expect(await jobs.runDue()).toEqual([])
    await passes(database, 59)
    expect(await jobs.runDue()).toEqual([])
    await passes(database, 2)
    expect(await jobs.runDue()).toEqual(['work'])
    expect(runs).toEqual(['work', 'work'])
  })

  test('that is due runs on one of three gateways that look at the same time', async () => {
    const database = await testDatabase()
    const gateways = [1, 2, 3].map(() => started(database, { work: async () => {} }))
    for (let round = 1; round <= 3; round += 1) {
      const ran = await Promise.all(gateways.map(({ jobs }) => jobs.runDue()))
      expect(ran.flat()).toEqual(['work'])
      expect(gateways.flatMap(({ runs }) => runs)).toHaveLength(round)
      await passes(database, 61)
    }
  })

  test('that fails is told of, noted without what it said, and comes round again beside the others', async () => {
    const database = await testDatabase()
    let isBroken = true
    const { jobs, runs, failures } = started(database, {
      broken: async () => {
        if (isBroken) throw new RangeError('eva@example.org')
      },
      work: async () => {},
    })
    expect(await jobs.runDue()).toEqual(['broken', 'work'])
    expect(failures).toEqual(['broken: RangeError'])
    expect(runs).toEqual(['broken', 'work'])
    const noted = database.kysely.selectFrom('job').select('failure').where('name', '=', 'broken')
    expect(await noted.executeTakeFirst()).toEqual({ failure: 'RangeError' })
    isBroken = false
    await passes(database, 61)
    expect(await jobs.runDue()).toEqual(['broken', 'work'])
    expect(await noted.executeTakeFirst()).toEqual({ failure: null })
  })

  test('that fails before it waits for anything is a job that failed', async () => {
    const database = await testDatabase()
    const { jobs, failures } = started(database, {
      broken: () => {
        throw new RangeError('at once')
      },
    })
    await jobs.runDue()
    expect(failures).toEqual(['broken: RangeError'])
  })

  test('that is due runs within five seconds, by itself', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const database = await testDatabase()
    const ran = Promise.withResolvers<void>()
    const { runs } = started(database, { work: async () => ran.resolve() })
    vi.advanceTimersByTime(4_999)
    expect(runs).toEqual([])
    vi.advanceTimersByTime(1)
    await expect(ran.promise).resolves.toBeUndefined()
  })

  test('of another release is left alone', async () => {
    const database = await testDatabase()
    await started(database, { old: async () => {} }).jobs.runDue()
    await passes(database, 61)
    expect(await started(database, { work: async () => {} }).jobs.runDue()).toEqual(['work'])
  })
})

describe('a kick', () => {
  test('has a job run, though it is not due', async () => {
    const database = await testDatabase()
    const ran = Promise.withResolvers<void>()
    const { jobs } = started(database, { work: async () => ran.resolve() })
    jobs.kick('work')
    await expect(ran.promise).resolves.toBeUndefined()
  })

  test('several of them before it runs are one, and those while it runs are one more', async () => {
    const database = await testDatabase()
    const first = Promise.withResolvers<void>()
    const goesOn = Promise.withResolvers<void>()
    const second = Promise.withResolvers<void>()
    const { jobs, runs } = started(database, {
      work: async () => {
        if (runs.length > 1) return second.resolve()
        first.resolve()
        await goesOn.promise
      },
    })
    for (let kick = 0; kick < 3; kick += 1) jobs.kick('work')
    await first.promise
    for (let kick = 0; kick < 3; kick += 1) jobs.kick('work')
    goesOn.resolve()
    await second.promise
    await jobs.stop()
    expect(runs).toEqual(['work', 'work'])
  })
})

describe('a stop', () => {
  test('waits for what runs, and tells it that the end has come', async () => {
    const database = await testDatabase()
    const begun = Promise.withResolvers<void>()
    const order: string[] = []
    const { jobs } = started(database, {
      work: (signal) =>
        new Promise<void>((resolve) => {
          begun.resolve()
          signal.addEventListener('abort', () => {
            order.push('completed')
            resolve()
          })
        }),
    })
    const round = jobs.runDue()
    await begun.promise
    await jobs.stop()
    order.push('stopped')
    await round
    expect(order).toEqual(['completed', 'stopped'])
  })

  test('leaves nothing that is begun after it, by time or by kick', async () => {
    const database = await testDatabase()
    const { jobs, runs } = started(database, { work: async () => {} })
    jobs.kick('work')
    await jobs.stop()
    jobs.kick('work')
    expect(await jobs.runDue()).toEqual([])
    expect(runs).toEqual([])
  })
})

test('a database that is away is told of once, and once more after it was back', async () => {
  const database = await testDatabase()
  const { jobs, failures } = started(database, { work: async () => {} })
  const look = (): Promise<unknown> => jobs.runDue().catch(() => {})
  const rename = (from: string, to: string): Promise<unknown> =>
    database.pool.query(`alter table ${from} rename to ${to}`)
  await rename('job', 'job_away')
  await look()
  await look()
  expect(failures).toEqual(['jobs: error'])
  await rename('job_away', 'job')
  expect(await look()).toEqual(['work'])
  await rename('job', 'job_away')
  await look()
  expect(failures).toEqual(['jobs: error', 'jobs: error'])
})

interface Started {
  readonly jobs: Jobs
  /** Names of the jobs, as they were run. */
  readonly runs: readonly string[]
  /** As `<name of the job>: <name of the error>`. */
  readonly failures: readonly string[]
}

/** These jobs, every minute; stopped at the end of the test. */
function started(database: TestDatabase, work: Readonly<Record<string, Job['run']>>): Started {
  const runs: string[] = []
  const failures: string[] = []
  const jobs = startJobs({
    database,
    jobs: Object.fromEntries(
      Object.entries(work).map(([name, run]) => [
        name,
        {
          everySeconds: 60,
          run: (signal: AbortSignal) => {
            runs.push(name)
            return run(signal)
          },
        },
      ]),
    ),
    onFailure(name, error) {
      failures.push(`${name}: ${error instanceof Error ? error.name : typeof error}`)
    },
  })
  whenDone(jobs.stop)
  return { jobs, runs, failures }
}

/** Brings the times at which jobs are due nearer. */
async function passes(database: TestDatabase, seconds: number): Promise<void> {
  await database.pool.query(`update job set due_at = due_at - $1 * interval '1 second'`, [seconds])
}
