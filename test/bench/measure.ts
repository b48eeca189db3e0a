import { type Answers, findDifference } from './answers.ts'
import type { BenchDatabase } from './bench-database.ts'
import type { Flags } from './flags.ts'
import type { Generator } from './generator.ts'
import { cpuUs, familyCpuUs, residentMb } from './processes.ts'
import type { QueryName } from './queries.ts'
import { firstRequest, readCursors, requestsFor } from './requests.ts'
import { SERVERS, type ServerName } from './servers.ts'
import { type AskedRequest, type RunningServer, startServer } from './start-server.ts'

/** One query of one server in one round. CPU is per request. */
export interface Timing {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly serverCpuUs: number
  readonly databaseCpuUs: number
  readonly bytes: number
  /** How many of 100 were refused. */
  readonly refusedPercent: number
}

/** One server in one round. */
export interface Turn {
  readonly server: ServerName
  readonly startMs: number
  readonly memoryMb: number
  readonly timings: Partial<Readonly<Record<QueryName, Timing>>>
}

export interface Setting {
  readonly database: BenchDatabase
  readonly generator: Generator
  readonly answers: Answers
  readonly flags: Flags
}

/** Answers that are compared before a query is timed and again after it. */
const COMPARED = 8

/**
 * Starts one server, times every query and stops it.
 * @throws {Error} when an answer is not the one that the rows give, before the load or after it
 */
export async function takeTurn(name: ServerName, setting: Setting): Promise<Turn> {
  const { database, flags } = setting
  const { documents } = SERVERS[name]
  const [caller] = database.callers
  if (caller === undefined) throw new Error('There are no callers.')
  const server = await startServer(name, database, firstRequest(caller, documents))
  try {
    const cursors = await readCursors(server.ask, documents, database.callers)
    const timings: Partial<Record<QueryName, Timing>> = {}
    for (const query of flags.queries) {
      const requests = requestsFor(query, documents, database.callers, cursors)
      const positions = query === 'Q1' || query === 'Q2' ? database.callers.length : cursors.length
      const compare = () => compareAnswers(server, query, requests, positions, setting)
      await compare()
      timings[query] = await timeQuery(server, requests, setting)
      await compare()
    }
    return { server: name, startMs: server.startMs, memoryMb: residentMb(server.pid), timings }
  } finally {
    await server.stop()
  }
}

async function timeQuery(
  { port, pid }: RunningServer,
  requests: readonly AskedRequest[],
  { database, generator, flags }: Setting,
): Promise<Timing> {
  const { connections, seconds, warmup } = flags
  await generator.run({ port, connections, seconds: warmup, requests })
  const serverBefore = cpuUs(pid)
  const databaseBefore = familyCpuUs(database.postmaster)
  const load = await generator.run({ port, connections, seconds, requests })
  return {
    requestsPerSecond: load.requests / load.seconds,
    p50Ms: load.p50Ms,
    p99Ms: load.p99Ms,
    serverCpuUs: (cpuUs(pid) - serverBefore) / load.requests,
    databaseCpuUs: (familyCpuUs(database.postmaster) - databaseBefore) / load.requests,
    bytes: load.bytes / load.requests,
    refusedPercent: (100 * load.refused) / (load.requests + load.refused),
  }
}

async function compareAnswers(
  server: RunningServer,
  query: QueryName,
  requests: readonly AskedRequest[],
  positions: number,
  { answers }: Setting,
): Promise<void> {
  for (let sample = 0; sample < Math.min(COMPARED, positions); sample += 1) {
    // Spread over all of them, first and last included.
    const position = Math.floor((sample * (positions - 1)) / Math.max(1, COMPARED - 1))
    const request = requests[position]
    if (request === undefined) throw new Error(`There is no request ${position}`)
    const difference = findDifference(await server.ask(request), answers[query](position))
    if (difference === null) continue
    throw new Error(
      `${server.name} answers ${query} wrongly at position ${position}: ${difference}`,
    )
  }
}
