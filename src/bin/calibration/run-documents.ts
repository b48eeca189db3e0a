import { parse } from 'graphql'

import { median } from '../../oversight/calibration/median.ts'
import { countPrices, type PriceCounts, pointsOf } from '../../schema/count-prices.ts'
import { schema } from '../../schema/schema.ts'
import { createRandom } from '../../seed/random.ts'
import { DOCUMENTS, FIND_NAMED, type Named } from './documents.ts'

/** Operations of one document in a round, one after the other. */
export const BATCH = 50

/** Whom to ask, and with which key. */
export interface Asked {
  readonly origin: string
  readonly key: string
  readonly signal: AbortSignal
}

export interface Rounds {
  readonly rounds: number
  readonly onProgress: (batches: number, total: number) => void
}

/** What asking has shown; what the ledger has of it is read once the gateway has ended. */
export interface Ran {
  readonly name: string
  readonly counts: PriceCounts
  /** Of the gateway, for each operation of a round, in microseconds. */
  readonly cpuUs: readonly number[]
}

/**
 * Asks every document in batches, one of each in a round, in an order that differs from round to round. Before the first round
 * all of them run once more, for the gateway to warm up.
 */
export async function runDocuments(asked: Asked, { rounds, onProgress }: Rounds): Promise<Ran[]> {
  const variables = await findNamed(asked)
  const documents = DOCUMENTS.map((text) => ({
    name: nameOf(text),
    text,
    body: JSON.stringify({ query: text, variables: pick(variables, text) }),
    cpuUs: new Array<number>(),
    counts: null as PriceCounts | null,
  }))
  const looksUs: number[] = []
  const total = (rounds + 1) * documents.length
  for (let round = 0; round <= rounds; round += 1) {
    for (const [place, document] of shuffled(documents, round).entries()) {
      /* oxlint-disable no-await-in-loop -- what runs at the same time can not be told apart */
      const { lookUs, cpuUs, answer } = await runBatch(asked, document.body)
      if (round === 0) document.counts = countsOf(document.text, answer)
      else document.cpuUs.push(cpuUs)
      looksUs.push(lookUs)
      onProgress(round * documents.length + place + 1, total)
    }
  }
  // Looking takes CPU, too: what a look alone takes is not the operations'.
  const lookUs = median(looksUs)
  return documents.map(({ name, cpuUs, counts }) => {
    if (counts === null) throw new Error('There was no round.')
    return { name, cpuUs: cpuUs.map((us) => (us - lookUs) / BATCH), counts }
  })
}

interface Answer {
  readonly data: unknown
  /** Points. */
  readonly actual: number
}

/** What a batch took of the gateway's CPU with one look at it, and what a look took alone, in microseconds. */
async function runBatch(asked: Asked, body: string) {
  const [first, second] = [await readCpu(asked), await readCpu(asked)]
  let answer: Answer = { data: null, actual: 0 }
  for (let index = 0; index < BATCH; index += 1) answer = await ask(asked, body)
  const third = await readCpu(asked)
  return { answer, lookUs: (second - first) * 1e6, cpuUs: (third - second) * 1e6 }
}

/** Seconds of CPU since the gateway began. */
async function readCpu({ origin, signal }: Asked): Promise<number> {
  const response = await fetch(`${origin}/metrics`, { signal })
  const [, seconds] = /^process_cpu_seconds_total (\S+)$/m.exec(await response.text()) ?? []
  if (seconds === undefined) throw new Error('The gateway does not say what CPU it used.')
  return Number(seconds)
}

async function ask({ origin, key, signal }: Asked, body: string): Promise<Answer> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
    body,
    signal,
  })
  // What a gateway of this release answers.
  const { data, errors, extensions } = (await response.json()) as {
    readonly data?: unknown
    readonly errors?: unknown
    readonly extensions: { readonly cost: { readonly actual: number } }
  }
  if (response.ok && errors === undefined) return { data, actual: extensions.cost.actual }
  throw new Error(`The gateway refused ${body}: ${response.status} ${JSON.stringify(errors)}`)
}

function countsOf(text: string, { data, actual }: Answer): PriceCounts {
  const counts = countPrices(schema, parse(text), data)
  if (pointsOf(counts) === actual) return counts
  throw new Error(`${nameOf(text)} cost ${actual}, and is counted as ${JSON.stringify(counts)}.`)
}

async function findNamed(asked: Asked): Promise<Named> {
  const { data } = await ask(asked, JSON.stringify({ query: FIND_NAMED }))
  // What FIND_NAMED asks for.
  const { measurementSets, patterns } = data as Readonly<
    Record<'measurementSets' | 'patterns', { nodes: readonly { id: string }[] }>
  >
  const ids = [...measurementSets.nodes, ...patterns.nodes].map(({ id }) => id)
  return { set: ids[0] ?? '', pattern: ids.at(-1) ?? '', ids }
}

/** The variables that a document names. */
function pick(variables: Named, text: string) {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => text.includes(`$${name}`)))
}

function nameOf(text: string): string {
  return /^query (\w+)/.exec(text)?.[1] ?? ''
}

/** In an order that depends on the round alone. */
function shuffled<Item>(items: readonly Item[], round: number): readonly Item[] {
  const random = createRandom(round)
  return items
    .map((item) => ({ item, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
