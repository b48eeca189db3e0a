import type { Debits, Forfeit, Partition } from './store.ts'

/** What quotaForfeits answers: ids and JSON texts in turn. */
export function readForfeits(answer: unknown): readonly Forfeit[] {
  const pairs = answer as readonly string[]
  const forfeits: Forfeit[] = []
  for (let place = 0; place + 1 < pairs.length; place += 2) {
    forfeits.push(forfeitOf(pairs[place] ?? '', pairs[place + 1] ?? ''))
  }
  return forfeits.toSorted((a, b) => a.forfeitedAtUs - b.forfeitedAtUs)
}

/** What quotaDebits answers: the time, that of the oldest open grant, how many grants are open, their ids, then subjects and points in turn; and forfeits. */
export function readDebits(answer: unknown): Debits {
  const [[atUs, openSinceUs, count, ...rest], forfeits] = answer as readonly [
    readonly [string, string, number, ...string[]],
    readonly string[],
  ]
  const drawn = rest.slice(count)
  const bySubject = new Map<string, number>()
  for (let place = 0; place + 1 < drawn.length; place += 2) {
    bySubject.set(drawn[place] ?? '', Number(drawn[place + 1]))
  }
  return {
    atUs: Number(atUs),
    openSinceUs: Number(openSinceUs),
    open: new Set(rest.slice(0, count)),
    bySubject,
    forfeits: readForfeits(forfeits),
  }
}

/** Written by quotaTend alone. */
function forfeitOf(id: string, text: string): Forfeit {
  const [points, takenAt, forfeitedAt, sources] = JSON.parse(text) as readonly string[]
  const budgets = JSON.parse(sources ?? '[]') as readonly (readonly [key: string])[]
  return {
    id,
    points: Number(points),
    takenAtUs: Number(takenAt),
    forfeitedAtUs: Number(forfeitedAt),
    claims: budgets.map(([key]) => claimOf(key)),
  }
}

/** The budget that is kept under this key. */
function claimOf(key: string): Forfeit['claims'][number] {
  const [, , partition = '', ...subject] = key.split(':')
  // Keys are made by the store alone.
  return { partition: partition as Partition, subject: subject.join(':') }
}
