import { type Kysely, sql } from 'kysely'
import type { DB } from '../database/tables.generated.ts'

/** Work that comes round again. */
export interface Job {
  readonly everySeconds: number
  readonly run: () => Promise<unknown>
}

export interface JobOptions {
  readonly database: { readonly kysely: Kysely<DB> }
  /** By name, as the table of jobs has it. */
  readonly jobs: Readonly<Record<string, Job>>
  readonly onFailure: (name: string, error: unknown) => void
}

export interface Jobs {
  /** Runs what is due, unless another gateway does; answers the names of what ran. */
  readonly runDue: () => Promise<readonly string[]>
  /** Runs this job now, whenever it is due: once more after the run that is under way. */
  readonly kick: (name: string) => void
  /** Stops looking; resolves once nothing runs any more. */
  readonly stop: () => Promise<void>
}

/** How often a gateway looks whether anything is due. */
const LOOK_MS = 5000

/**
 * Looks every five seconds for jobs that are due, by the clock of the database. Whichever gateway claims one first runs it.
 */
export function startJobs(options: JobOptions): Jobs {
  const { database, jobs, onFailure } = options
  const running = new Map<string, Promise<void>>()
  const wanted = new Set<string>()
  let isStopped = false
  const timer = setInterval(() => void runDue().catch((error) => onFailure('jobs', error)), LOOK_MS)
  timer.unref()

  function run(name: string, job: Job): Promise<void> {
    const under = running.get(name)
    if (under !== undefined) return under
    const done = runToEnd(name, job)
    running.set(name, done)
    return done
  }

  async function runToEnd(name: string, job: Job): Promise<void> {
    try {
      await job.run()
    } catch (error) {
      onFailure(name, error)
    } finally {
      running.delete(name)
      if (wanted.delete(name)) kick(name)
    }
  }

  async function runDue(): Promise<readonly string[]> {
    if (isStopped) return []
    const names = await claim(database.kysely, jobs)
    const due = names.flatMap((name) => {
      const job = jobs[name]
      return job === undefined ? [] : [run(name, job)]
    })
    await Promise.all(due)
    return names
  }

  function kick(name: string): void {
    const job = jobs[name]
    if (isStopped || job === undefined) return
    if (running.has(name)) wanted.add(name)
    else void run(name, job)
  }

  return {
    runDue,
    kick,
    async stop() {
      isStopped = true
      clearInterval(timer)
      await Promise.all(running.values())
    },
  }
}

/** The names of the jobs that are due, each of them put off for its whole round: nobody else gets it. */
async function claim(kysely: Kysely<DB>, jobs: JobOptions['jobs']): Promise<readonly string[]> {
  const names = Object.keys(jobs)
  const seconds = Object.values(jobs).map(({ everySeconds }) => everySeconds)
  const { rows } = await sql<{ name: string }>`
    insert into job as j (name, due_at, ran_at)
    select name collate "C", clock_timestamp() + seconds * interval '1 second', clock_timestamp()
    from unnest(${names}::text[], ${seconds}::int[]) as r (name, seconds) order by 1
    on conflict (name) do update set due_at = excluded.due_at, ran_at = excluded.ran_at
    where j.due_at <= clock_timestamp()
    returning j.name`.execute(kysely)
  return rows.map(({ name }) => name)
}
