import { type Kysely, sql } from 'kysely'
import type { DB } from '../database/tables.generated.ts'

/** Work that comes round again. It may run beside itself on another gateway: one that was asked to, or where it takes long. */
export interface Job {
  readonly everySeconds: number
  /** The signal is aborted once the process ends: what is under way is completed, and nothing more begun. */
  readonly run: (signal: AbortSignal) => Promise<unknown>
}

export interface JobOptions {
  readonly database: { readonly kysely: Kysely<DB> }
  /** By name, as the table of jobs has it. */
  readonly jobs: Readonly<Record<string, Job>>
  /** Hears of a job that failed, by its name, and as `jobs` of looking for what is due: once until that succeeds again. */
  readonly onFailure: (name: string, error: unknown) => void
}

export interface Jobs {
  /** Runs what is due, unless another gateway does; answers the names of what ran. */
  readonly runDue: () => Promise<readonly string[]>
  /** Runs this job in a moment, whenever it is due: once more after the run that is under way. */
  readonly kick: (name: string) => void
  /** Stops looking; resolves once nothing runs any more. */
  readonly stop: () => Promise<void>
}

/** How often a gateway looks whether anything is due. */
const LOOK_MS = 5_000
/** A kick comes from within a transaction, as often as not: its commit is waited for, as are further kicks. */
const KICK_MS = 50

/**
 * Looks every five seconds for jobs that are due, by the clock of the database. Whichever gateway claims one first runs it;
 * one that fails comes round again.
 */
export function startJobs(options: JobOptions): Jobs {
  const jobs = new StartedJobs(options)
  const look = (): void => void jobs.runDue().catch(() => {}) // told already
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return {
    runDue: () => jobs.runDue(),
    kick: (name) => jobs.kick(name),
    async stop() {
      clearInterval(timer)
      await jobs.stop()
    },
  }
}

class StartedJobs {
  readonly #options: JobOptions
  readonly #end = new AbortController()
  readonly #running = new Map<string, Promise<void>>()
  readonly #kicked = new Map<string, NodeJS.Timeout>()
  readonly #looking = new Set<Promise<readonly string[]>>()
  #isAway = false

  constructor(options: JobOptions) {
    this.#options = options
  }

  async runDue(): Promise<readonly string[]> {
    if (this.#end.signal.aborted) return []
    const look = this.#look()
    this.#looking.add(look)
    try {
      const names = await look
      this.#isAway = false
      return names
    } catch (error) {
      if (!this.#isAway) this.#options.onFailure('jobs', error)
      this.#isAway = true
      throw error
    } finally {
      this.#looking.delete(look)
    }
  }

  kick(name: string): void {
    if (this.#end.signal.aborted || this.#kicked.has(name)) return
    const run = async (): Promise<void> => {
      await this.#running.get(name)
      this.#kicked.delete(name)
      await this.#run(name)
    }
    this.#kicked.set(name, setTimeout(() => void run(), KICK_MS).unref())
  }

  async stop(): Promise<void> {
    this.#end.abort()
    for (const timer of this.#kicked.values()) clearTimeout(timer)
    await Promise.allSettled(this.#looking)
    await Promise.all(this.#running.values())
  }

  async #look(): Promise<readonly string[]> {
    const names = await claim(this.#options)
    await Promise.all(names.map((name) => this.#run(name)))
    return names
  }

  #run(name: string): Promise<void> {
    if (this.#end.signal.aborted) return Promise.resolve()
    const running = this.#running.get(name) ?? this.#runAnew(name)
    this.#running.set(name, running)
    return running
  }

  /** Never rejects. */
  async #runAnew(name: string): Promise<void> {
    const { jobs, database, onFailure } = this.#options
    try {
      await jobs[name]?.run(this.#end.signal)
      await note(database.kysely, name, null)
    } catch (error) {
      onFailure(name, error)
      // Where the database is what failed, nothing can be noted there.
      await note(database.kysely, name, nameOf(error)).catch(() => {})
    } finally {
      this.#running.delete(name)
    }
  }
}

/** The names of the jobs that are due, each of them put off for its whole round: nobody else gets it. */
async function claim({ database, jobs }: JobOptions): Promise<readonly string[]> {
  const names = Object.keys(jobs)
  const seconds = Object.values(jobs).map(({ everySeconds }) => everySeconds)
  const { rows } = await sql<{ name: string }>`
    insert into job as j (name, due_at, ran_at)
    select r.name collate "C", clock_timestamp() + r.seconds * interval '1 second', clock_timestamp()
    from unnest(${names}::text[], ${seconds}::int[]) as r (name, seconds)
    -- Nothing is written, and no row locked, where nothing is due.
    where not exists (select from job k where k.name = r.name and k.due_at > clock_timestamp())
    order by 1
    on conflict (name) do update set due_at = excluded.due_at, ran_at = excluded.ran_at
    where j.due_at <= clock_timestamp()
    returning j.name`.execute(database.kysely)
  return rows.map(({ name }) => name)
}

/** The row says why the job failed when it ran last; null: it did not. */
async function note(kysely: Kysely<DB>, name: string, failure: string | null): Promise<void> {
  await sql`update job set failure = ${failure}::text where name = ${name} and failure is distinct from ${failure}::text`.execute(
    kysely,
  )
}

/** Its message may quote a value of a row. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
