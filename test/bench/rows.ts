import { base58 } from '@scure/base'
import { parse, v7 } from 'uuid'

export interface Sizes {
  readonly accounts: number
  readonly sets: number
  readonly patterns: number
}

export interface AccountRow {
  readonly id: string
  readonly ref: string
  readonly username: string
  readonly email: string
  readonly bio: string
  readonly role: 'user' | 'curator'
  readonly at: Date
}

export interface SetRow {
  readonly id: string
  readonly ref: string
  readonly account: string
  readonly name: string
  readonly notes: string
  readonly measurements: Readonly<Record<string, number>>
  readonly at: Date
}

export interface PatternRow {
  readonly id: string
  readonly ref: string
  readonly account: string
  readonly set: string
  readonly design: string
  readonly name: string
  readonly notes: string
  readonly settings: unknown
  readonly at: Date
}

export interface Rows {
  /** In the order of their names. The first are the callers: only they have a role above user, and keys. */
  readonly accounts: readonly AccountRow[]
  readonly callers: number
  readonly sets: readonly SetRow[]
  readonly patterns: readonly PatternRow[]
}

/** 25 of the 38 names, with what a grown-up measures there, in millimetres (shoulderSlope in degrees). */
const ADULT = {
  ankle: 245,
  biceps: 270,
  bustFront: 480,
  bustPointToUnderbust: 100,
  bustSpan: 160,
  chest: 925,
  crossSeam: 740,
  head: 565,
  highBust: 865,
  highBustFront: 440,
  hips: 900,
  hpsToBust: 275,
  hpsToWaistBack: 395,
  inseam: 765,
  knee: 380,
  neck: 340,
  seat: 1010,
  shoulderSlope: 13,
  shoulderToElbow: 340,
  shoulderToShoulder: 415,
  shoulderToWrist: 590,
  waist: 750,
  waistToFloor: 1050,
  waistToHips: 125,
  wrist: 165,
}
const DESIGNS = ['aaron', 'brian', 'bruce', 'charlie', 'huey', 'paco', 'sandy', 'simon', 'teagan']
const START = Date.UTC(2025, 0, 1)
const MINUTE = 60_000
const SETS_PER_CALLER = 20
const SETS_WITH_PATTERNS = 10

/**
 * The same rows for the same sizes, however often it is called. A tenth of the accounts, 2 000 at most, are callers; each
 * has 20 sets, and the first 10 of these have 3 or 4 patterns each, as far as the numbers go. The rest is spread at random.
 */
export function makeRows({
  accounts: wanted,
  sets: setsWanted,
  patterns: patternsWanted,
}: Sizes): Rows {
  const random = seededRandom(20_250_101)
  const pick = (bound: number) => Math.floor(random() * bound)
  const identify = (prefix: string, at: Date) => {
    const bytes = Uint8Array.from({ length: 16 }, () => pick(256))
    const id = v7({ msecs: at.getTime(), random: bytes, seq: pick(0x7fff_ffff) })
    return { id, ref: `${prefix}_${base58.encode(parse(id))}` }
  }

  const callers = Math.max(1, Math.min(2_000, Math.floor(wanted / 10)))
  const accounts = Array.from({ length: wanted }, (_, index): AccountRow => {
    const at = new Date(START + index * MINUTE)
    const username = `sewer-${String(index).padStart(6, '0')}`
    const role = index < callers ? 'curator' : 'user'
    const email = `${username}@example.org`
    return {
      ...identify('acc', at),
      username,
      email,
      bio: `Sews since ${1950 + (index % 70)}.`,
      role,
      at,
    }
  })

  const ownerOfSet = (index: number) => {
    const caller = Math.floor(index / SETS_PER_CALLER)
    return accounts[caller < callers ? caller : callers + pick(wanted - callers)] ?? accounts[0]
  }
  const sets = Array.from({ length: setsWanted }, (_, index): SetRow => {
    const account = ownerOfSet(index)?.id ?? ''
    const at = new Date(START + (wanted + index) * MINUTE + pick(1_000))
    const scale = 0.8 + random() * 0.4
    const measurements = Object.fromEntries(
      Object.entries(ADULT).map(([name, value]) => [name, Math.round(value * scale * 10) / 10]),
    )
    const notes = `Taken over a thin layer, ${pick(24)} o'clock.`
    return { ...identify('set', at), account, name: nameOf(index), notes, measurements, at }
  })

  const setsOfCallers = Math.min(setsWanted, callers * SETS_PER_CALLER)
  const chosen = sets.flatMap((set, index) => {
    const first = index < setsOfCallers && index % SETS_PER_CALLER < SETS_WITH_PATTERNS
    return first ? Array.from({ length: 3 + (index % 2) }, () => set) : []
  })
  const patterns = Array.from({ length: patternsWanted }, (_, index): PatternRow | null => {
    const set = chosen[index] ?? sets[setsOfCallers + pick(setsWanted - setsOfCallers)] ?? sets[0]
    if (set === undefined) return null
    const at = new Date(START + (wanted + setsWanted + index) * MINUTE + pick(1_000))
    const design = DESIGNS[pick(DESIGNS.length)] ?? 'brian'
    const settings = { sa: 10, paperless: index % 2 === 0, measurements: set.measurements }
    const name = `${design} for ${set.name}`
    return {
      ...identify('pat', at),
      account: set.account,
      set: set.id,
      design,
      name,
      notes: 'Cotton.',
      settings,
      at,
    }
  })
  return { accounts, callers, sets, patterns: patterns.filter((pattern) => pattern !== null) }
}

/** Some names need escaping in JSON, so that no server gets away without it. */
function nameOf(index: number): string {
  return index % 10 === 0 ? `Person ${index} "in\u00e9s"` : `Person ${index}`
}

/** Mulberry32: the same numbers in [0, 1) for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
