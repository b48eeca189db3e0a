import type { QueryName } from './queries.ts'
import type { PatternRow, Rows, SetRow } from './rows.ts'

/** What a correct server answers to each query: `data` for the n-th caller (Q1, Q2) or the n-th page of accounts (Q3). */
export type Answers = Readonly<Record<QueryName, (position: number) => unknown>>

/** The answers, read off the rows alone. */
export function createAnswers(rows: Rows): Answers {
  const accounts = new Map(rows.accounts.map((account) => [account.id, account]))
  const sets = Map.groupBy(rows.sets, ({ account }) => account)
  const patterns = Map.groupBy(rows.patterns, ({ set }) => set)

  const listSet = (set: SetRow, print: typeof withName) => ({
    ...print(set),
    owner: { id: accounts.get(set.account)?.ref, username: accounts.get(set.account)?.username },
    patterns: {
      nodes: (patterns.get(set.id) ?? [])
        .slice(0, 5)
        .map((pattern) => ({ ...print(pattern), design: pattern.design })),
    },
  })
  const listAccounts = (position: number, print: typeof withName) => ({
    accounts: {
      nodes: rows.accounts
        .slice(position * 10, position * 10 + 10)
        .map(({ id, ref, username }) => ({
          id: ref,
          username,
          measurementSets: {
            nodes: (sets.get(id) ?? []).slice(0, 10).map((set) => listSet(set, print)),
          },
        })),
    },
  })
  return {
    Q1(position) {
      const account = rows.accounts[position]
      return { me: { id: account?.ref, username: account?.username, role: account?.role } }
    },
    Q2(position) {
      const own = sets.get(rows.accounts[position]?.id ?? '') ?? []
      return { me: { measurementSets: { nodes: own.slice(0, 20).map(wholeSet) } } }
    },
    Q3: (position) => listAccounts(position, withoutName),
    Q3N: (position) => listAccounts(position, withName),
  }
}

/**
 * Where an answer differs from the right one, and how; null where it holds the same values. The order of members, the
 * spelling of times and the case of roles are free.
 */
export function findDifference(found: unknown, right: unknown, path = 'data'): string | null {
  if (!isNested(found) || !isNested(right)) {
    const isSame = spell(path, found) === spell(path, right)
    return isSame ? null : `${path} is ${JSON.stringify(found)} instead of ${JSON.stringify(right)}`
  }
  const names = new Set([...Object.keys(found), ...Object.keys(right)])
  for (const name of names) {
    const difference = findDifference(found[name], right[name], `${path}.${name}`)
    if (difference !== null) return difference
  }
  return null
}

function wholeSet({ ref: id, name, notes, measurements, at }: SetRow) {
  return { id, name, notes, measurements, createdAt: at.toISOString(), updatedAt: at.toISOString() }
}

function withName({ ref: id, name }: SetRow | PatternRow): { id: string; name?: string } {
  return { id, name }
}

function withoutName({ ref: id }: SetRow | PatternRow): { id: string } {
  return { id }
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** One spelling for what servers spell in several. */
function spell(path: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (path.endsWith('.role')) return value.toLowerCase()
  return path.endsWith('At') ? Date.parse(value) : value
}
