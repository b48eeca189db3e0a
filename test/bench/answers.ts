import { isDeepStrictEqual } from 'node:util'
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

/** Whether two answers hold the same values. The order of members, the spelling of times and the case of roles are free. */
export function isSameAnswer(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(normalize('', left), normalize('', right))
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

function normalize(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => normalize(name, item))
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => [key, normalize(key, member)])
    return Object.fromEntries(members)
  }
  if (typeof value !== 'string') return value
  if (name === 'role') return value.toLowerCase()
  return name.endsWith('At') ? Date.parse(value) : value
}
