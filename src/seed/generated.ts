import { DESIGNS } from '../database/designs.ts'
import { MEASUREMENTS, MEASUREMENT_NAMES, type Measurements } from '../measurements/definitions.ts'
import { MODELS } from './models.ts'
import { type Random, createRandom } from './random.ts'
import type { NewAccount, NewPattern, NewSet } from './rows.ts'
import { SEED_EPOCH, patternContent, patternSettings } from './seed-demo.ts'
import { FIRST_NAMES, OCCASIONS, SENTENCES } from './words.ts'

/** Which of the generated rows of its kind a row is, and of how many. */
export interface Place {
  /** From 0. */
  readonly index: number
  readonly count: number
  readonly randomSeed: number
}

/** The account at this place; like all below, the same for the same place. */
export function generateAccount(at: Place): NewAccount {
  const random = createRandom(at.randomSeed, 1, at.index)
  return {
    username: `${random.pick(FIRST_NAMES).toLowerCase()}-${at.index + 1}`,
    role: random.chance(0.02) ? 'tester' : 'user',
    status: random.chance(0.95) ? 'active' : random.pick(['inactive', 'restricted', 'disabled']),
    consent: random.chance(0.9) ? 'measurements' : random.pick(['none', 'account']),
    bio: generateText(random, 3),
    units: random.chance(0.3) ? 'imperial' : 'metric',
    createdAt: timeAt(at, 0),
  }
}

/** The set at this place: 25 to 38 measurements, or 3 to 8 where it is based on another. */
export function generateSet(
  at: Place,
  kind: 'whole' | 'based',
): Omit<NewSet, 'accountId' | 'baseSetId'> {
  const random = createRandom(at.randomSeed, 2, at.index)
  const count = kind === 'based' ? 3 + random.below(6) : 25 + random.below(14)
  return {
    measurements: generateMeasurements(random, count),
    name: `${random.pick(FIRST_NAMES)}${random.pick(OCCASIONS)}`,
    notes: generateText(random, 8),
    units: random.chance(0.3) ? 'imperial' : 'metric',
    public: random.chance(0.12),
    createdAt: timeAt(at, 1),
  }
}

/** The pattern at this place, drafted from these measurements. */
export function generatePattern(
  at: Place,
  measurements: Measurements,
): Omit<NewPattern, 'accountId' | 'setId'> {
  const random = createRandom(at.randomSeed, 3, at.index)
  const design = random.pick(DESIGNS)
  return {
    design: design.code,
    name: `${design.name}${random.pick(OCCASIONS)}`,
    notes: generateText(random, 4),
    settings: patternSettings(measurements),
    content: patternContent(random.below(3)),
    public: random.chance(0.1),
    createdAt: timeAt(at, 2),
  }
}

const PHASE_MS = 120 * 86_400_000
const ADULTS = MODELS.filter(({ tags }) => tags.includes('adults'))

/** Accounts, sets and patterns come in phases, one after the other, evenly spread and in order. */
function timeAt({ index, count }: Place, phase: number): Date {
  return new Date(SEED_EPOCH.getTime() + (phase + (index + 1) / (count + 1)) * PHASE_MS)
}

/** This many of a model's measurements, each within 4 % of the model's, in whole millimetres or tenths of a degree. */
function generateMeasurements(random: Random, count: number): Measurements {
  const model = random.pick(random.chance(0.9) ? ADULTS : MODELS)
  const measurements: { -readonly [name in keyof Measurements]: number } = {}
  let left = MEASUREMENT_NAMES.length
  let wanted = count
  for (const name of MEASUREMENT_NAMES) {
    // Each of the names left is among those wanted with the same chance: any subset is as likely as any other.
    if (random.below(left) < wanted) {
      const value = model.measurements[name] * (0.96 + 0.08 * random.next())
      measurements[name] = MEASUREMENTS[name].unit === 'DEG' ? round(value, 10) : round(value, 1)
      wanted -= 1
    }
    left -= 1
  }
  return measurements
}

/** Never 0, which is no measurement: a doll's smallest is a few millimetres. */
function round(value: number, parts: number): number {
  return Math.max(1, Math.round(value * parts)) / parts
}

/** Up to this many sentences; fewer are likelier. */
function generateText(random: Random, sentencesMax: number): string {
  const count = Math.floor(random.next() ** 2 * (sentencesMax + 1))
  return Array.from({ length: count }, () => random.pick(SENTENCES)).join(' ')
}
