import { availableParallelism, cpus } from 'node:os'
import { type BenchDatabase, SETTINGS } from './bench-database.ts'
import type { Flags } from './flags.ts'
import type { Timing, Turn } from './measure.ts'
import { CAN_PIN } from './processes.ts'
import { QUERIES, type QueryName } from './queries.ts'
import { SERVERS, type ServerName } from './servers.ts'

export type Rounds = readonly (readonly Turn[])[]

/** The results as Markdown: medians over the rounds, and medians of each round's own ratios. */
export function printReport(rounds: Rounds, flags: Flags, database: BenchDatabase): string {
  return [
    ...conditions(flags, database),
    '',
    ...throughputTable(rounds, flags),
    '',
    ...detailTable(rounds, flags),
    '',
    ...ratioTable(rounds, flags),
  ].join('\n')
}

function conditions(flags: Flags, database: BenchDatabase): string[] {
  const { accounts, sets, patterns } = flags.sizes
  const cores = CAN_PIN
    ? 'the server on one core, load generator and PostgreSQL on another'
    : 'nothing bound to a core (no `taskset` here, or one core)'
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${cores}; Node ${process.versions.node},`,
    `PostgreSQL ${database.version} (${SETTINGS.join(', ')}), pool of 10, ${flags.connections} connections;`,
    `${accounts} accounts, ${sets} sets of 25 measurements, ${patterns} patterns, ${database.callers.length} callers;`,
    `medians of ${flags.rounds} rounds of ${flags.seconds} s, every server's answers compared by value before and after each.`,
  ]
}

function throughputTable(rounds: Rounds, flags: Flags): string[] {
  const head = [
    'requests/s (x limit) · server CPU µs per request',
    ...flags.queries.map((query) => `${query}: ${QUERIES[query]}`),
    'memory after load',
    'start',
  ]
  const rows = flags.servers.map((server) => {
    const cells = flags.queries.map((query) => {
      const rate = median(rounds, server, query, 'requestsPerSecond')
      const share = ratio(rounds, query, 'requestsPerSecond', server, 'limit')
      const cpu = median(rounds, server, query, 'serverCpuUs')
      return `${integer(rate)}${share === null ? '' : ` (${share.toFixed(2)})`} · ${integer(cpu)}`
    })
    const turns = turnsOf(rounds, server)
    const memory = `${integer(middle(turns.map(({ memoryMb }) => memoryMb)))} MB`
    const start = `${(middle(turns.map(({ startMs }) => startMs)) / 1_000).toFixed(2)} s`
    return [SERVERS[server].title, ...cells, memory, start]
  })
  return table(head, rows)
}

function detailTable(rounds: Rounds, flags: Flags): string[] {
  const head = ['p50 / p99 ms · PostgreSQL CPU µs per request · kB', ...flags.queries]
  const rows = flags.servers.map((server) => {
    const cells = flags.queries.map((query) => {
      const of = (measure: keyof Timing) => median(rounds, server, query, measure)
      const latency = `${of('p50Ms').toFixed(1)} / ${of('p99Ms').toFixed(1)}`
      const refused = of('refusedPercent')
      const note = refused > 0 ? ` · ${refused.toFixed(2)} % refused (503)` : ''
      return `${latency} · ${integer(of('databaseCpuUs'))} · ${(of('bytes') / 1_000).toFixed(1)}${note}`
    })
    return [SERVERS[server].title, ...cells]
  })
  return table(head, rows)
}

function ratioTable(rounds: Rounds, flags: Flags): string[] {
  const others = flags.servers.filter((server) => server !== 'maat')
  if (others.length === flags.servers.length || others.length === 0) return []
  const peers = others.filter((server) => server !== 'limit')
  const rows = others.map((server) => {
    const cells = flags.queries.map((query) => {
      const rate = ratio(rounds, query, 'requestsPerSecond', 'maat', server)
      const cpu = ratio(rounds, query, 'serverCpuUs', 'maat', server)
      return `${rate?.toFixed(2) ?? '-'} · ${cpu?.toFixed(2) ?? '-'}`
    })
    return [SERVERS[server].title, ...cells]
  })
  const best = flags.queries.map((query) => {
    const fastest = peers.toSorted(
      (left, right) =>
        median(rounds, right, query, 'requestsPerSecond') -
        median(rounds, left, query, 'requestsPerSecond'),
    )[0]
    if (fastest === undefined) return '-'
    const rate = ratio(rounds, query, 'requestsPerSecond', 'maat', fastest)
    return `${rate?.toFixed(2) ?? '-'} (${fastest})`
  })
  return table(
    ["Maat's requests/s · CPU, as a multiple of", ...flags.queries],
    [...rows, ['the best peer, requests/s', ...best]],
  )
}

/** The median over the rounds of the ratio within each round; null where one of the two did not run. */
function ratio(
  rounds: Rounds,
  query: QueryName,
  measure: keyof Timing,
  server: ServerName,
  base: ServerName,
): number | null {
  const ratios = rounds.flatMap((turns) => {
    const of = (name: ServerName) => turns.find((turn) => turn.server === name)?.timings[query]
    const [above, below] = [of(server), of(base)]
    return above === undefined || below === undefined ? [] : [above[measure] / below[measure]]
  })
  return ratios.length === 0 ? null : middle(ratios)
}

function median(
  rounds: Rounds,
  server: ServerName,
  query: QueryName,
  measure: keyof Timing,
): number {
  const values = turnsOf(rounds, server).map(({ timings }) => timings[query]?.[measure])
  return middle(values.filter((value) => value !== undefined))
}

function turnsOf(rounds: Rounds, server: ServerName): Turn[] {
  return rounds.flat().filter((turn) => turn.server === server)
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  return (lower + upper) / 2
}

function integer(value: number): string {
  return Math.round(value).toLocaleString('en').replaceAll(',', ' ')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
}
