import { describe, expect, test } from 'vitest'
import { MEASUREMENT_NAMES, type Measurements } from '../../../src/measurements/definitions.ts'
import { warningsFor, WARNING_CODES } from '../../../src/measurements/plausibility.ts'
import { MODELS, modelOf } from '../../../src/seed/models.ts'

const MODEL = modelOf('Cis-Female Adult - Size 34 (EU)').measurements

function codesFor(...asked: Parameters<typeof warningsFor>): readonly string[] {
  return warningsFor(...asked).map(({ code }) => code)
}

describe('the forty models', () => {
  test('are plausible; only dolls of a tenth have to be called dolls', () => {
    expect(MODELS).toHaveLength(40)
    const warned = MODELS.filter(({ measurements }) => warningsFor(measurements).length > 0)
    expect(warned.map(({ name }) => name)).toEqual([
      'Cis-Female Doll - 10% of adult size',
      'Cis-Male Doll - 10% of adult size',
    ])
    for (const { measurements } of warned) {
      expect(codesFor(measurements)).toEqual(['LOOKS_LIKE_CM'])
      expect(codesFor(measurements, { scale: 'DOLL' })).toEqual([])
    }
  })
})

/** What makes one rule fail, and the code that says so; the rules before it hold. */
const IMPLAUSIBLE = [
  ['BUST_BELOW_WAIST', { hpsToWaistFront: 240, hpsToBust: 240 }],
  ['UNDERBUST_ABOVE_SHOULDER', { hpsToWaistFront: 70, waistToUnderbust: 70 }],
  ['ELBOW_BELOW_WRIST', { shoulderToWrist: 300, shoulderToElbow: 300 }],
  ['FRONT_WIDER_THAN_CHEST', { chest: 500, bustFront: 500 }],
  ['BACKS_DIFFER', { highBust: 800, highBustFront: 439, chest: 900, bustFront: 600 }],
  ['BACKS_DIFFER', { highBust: 800, highBustFront: 561, chest: 900, bustFront: 600 }],
  [
    'FRONT_LENGTHS_DIFFER',
    { hpsToWaistFront: 481, hpsToBust: 250, bustPointToUnderbust: 80, waistToUnderbust: 70 },
  ],
  [
    'FRONT_LENGTHS_DIFFER',
    { hpsToWaistFront: 319, hpsToBust: 250, bustPointToUnderbust: 80, waistToUnderbust: 70 },
  ],
  ['LEG_SHORTER_THAN_ITS_SIDE', { waistToFloor: 1061, waistToUpperLeg: 250, inseam: 750 }],
  ['SEAT_BELOW_UPPER_LEG', { waistToUpperLeg: 220, waistToSeat: 220 }],
] as const

/** The same just within the tolerance. */
const PLAUSIBLE: readonly Measurements[] = [
  { hpsToWaistFront: 241, hpsToBust: 240 },
  { hpsToWaistFront: 71, waistToUnderbust: 70 },
  { shoulderToWrist: 301, shoulderToElbow: 300 },
  { chest: 501, bustFront: 500 },
  { highBust: 800, highBustFront: 440, chest: 900, bustFront: 600 },
  { highBust: 800, highBustFront: 560, chest: 900, bustFront: 600 },
  { hpsToWaistFront: 480, hpsToBust: 250, bustPointToUnderbust: 80, waistToUnderbust: 70 },
  { hpsToWaistFront: 320, hpsToBust: 250, bustPointToUnderbust: 80, waistToUnderbust: 70 },
  { hpsToWaistFront: 500, hpsToBust: 250, bustPointToUnderbust: 0, waistToUnderbust: 70 },
  { waistToFloor: 1060, waistToUpperLeg: 250, inseam: 750 },
  { waistToUpperLeg: 221, waistToSeat: 220 },
]

describe('what does not go together', () => {
  test.each(IMPLAUSIBLE)('is warned about as %s, with its names: %j', (code, measurements) => {
    const [warning, ...others] = warningsFor(measurements)
    expect([warning?.code, others]).toEqual([code, []])
    expect(new Set(warning?.measurements)).toEqual(new Set(Object.keys(measurements)))
  })

  test.each(IMPLAUSIBLE)('is %s only where all names of the rule are present', (_code, all) => {
    for (const missing of Object.keys(all))
      expect(codesFor({ ...all, [missing]: undefined })).toEqual([])
  })

  test.each(PLAUSIBLE)('is no warning within its tolerance: %j', (measurements) => {
    expect(codesFor(measurements)).toEqual([])
  })
})

describe('a whole set in another unit', () => {
  test('is told by a single length, the angle tells nothing', () => {
    expect(codesFor({ waist: 80 })).toEqual(['LOOKS_LIKE_CM'])
    expect(codesFor({ waist: 31.5 })).toEqual(['LOOKS_LIKE_INCH'])
    expect(codesFor({ waist: 8000 })).toEqual(['LOOKS_LIKE_MM'])
    expect(codesFor({ waist: 800 })).toEqual([])
    expect(codesFor({ shoulderSlope: 13 })).toEqual([])
    expect(codesFor({})).toEqual([])
  })

  test('is told by most of its values, up to 15 % from what adults have', () => {
    expect(codesFor({ waist: 63.8 * 0.86 })).toEqual(['LOOKS_LIKE_CM'])
    expect(codesFor({ waist: 63.8 * 0.84 })).toEqual([])
    expect(codesFor({ waist: 102.7 * 1.14 })).toEqual(['LOOKS_LIKE_CM'])
    expect(codesFor({ waist: 102.7 * 1.16 })).toEqual([])
    expect(codesFor({ waist: 80, chest: 100, hips: 940 })).toEqual(['LOOKS_LIKE_CM'])
    expect(codesFor({ waist: 80, chest: 1000, hips: 940 })).toEqual([])
  })

  test('may be a doll, unless it is ten times too large', () => {
    expect(codesFor({ waist: 80 }, { scale: 'DOLL' })).toEqual([])
    expect(codesFor({ waist: 31.5 }, { scale: 'DOLL' })).toEqual([])
    expect(codesFor({ waist: 8000 }, { scale: 'DOLL' })).toEqual(['LOOKS_LIKE_MM'])
  })
})

describe('single values in another unit', () => {
  test.each([
    ['VALUE_LOOKS_LIKE_CM', 1 / 10],
    ['VALUE_LOOKS_LIKE_CM', 2.54],
    ['VALUE_LOOKS_LIKE_INCH', 1 / 25.4],
    ['VALUE_LOOKS_LIKE_INCH', 1 / 2.54],
    ['VALUE_LOOKS_LIKE_MM', 10],
    ['VALUE_LOOKS_LIKE_MM', 25.4],
    ['VALUE_OUT_OF_PROPORTION', 100],
    ['VALUE_OUT_OF_PROPORTION', 1 / 100],
  ] as const)(
    'are warned about together as %s where they are %d times too large',
    (code, times) => {
      const { ankle, head } = MODEL
      const [warning, ...others] = warningsFor({
        ...MODEL,
        ankle: ankle * times,
        head: head * times,
      })
      expect(warning).toMatchObject({ code, measurements: ['ankle', 'head'] })
      expect(others).toEqual([])
    },
  )

  test('are told apart from five lengths on', () => {
    const { waist, chest, hips, neck, shoulderSlope } = MODEL
    const four = { waist: waist / 10, chest, hips, neck }
    expect(codesFor({ ...four, shoulderSlope })).toEqual([])
    expect(codesFor({ ...four, knee: MODEL.knee })).toEqual(['VALUE_LOOKS_LIKE_CM'])
  })

  test('are told in a doll too', () => {
    const { measurements } = modelOf('Cis-Male Doll - 10% of adult size')
    expect(codesFor({ ...measurements, neck: measurements.neck * 10 }, { scale: 'DOLL' })).toEqual([
      'VALUE_LOOKS_LIKE_MM',
    ])
  })
})

test('every warning has one code and one message, a sentence that says no value', () => {
  const all = [
    ...IMPLAUSIBLE.flatMap(([, measurements]) => warningsFor(measurements)),
    ...[80, 31.5, 8000].flatMap((waist) => warningsFor({ waist })),
    ...[10, 0.1, 1 / 25.4, 100].flatMap((times) =>
      warningsFor({ ...MODEL, ankle: MODEL.ankle * times }),
    ),
  ]
  const messages = new Map(all.map(({ code, message }) => [code, message]))
  expect(new Set(messages.keys())).toEqual(new Set(WARNING_CODES))
  expect(new Set(WARNING_CODES).size).toBe(WARNING_CODES.length)
  const numbers = [...messages.values()].flatMap((message) => message.match(/\d+/g) ?? [])
  expect(new Set(numbers)).toEqual(new Set(['20', '6'])) // Percents of the rules.
  for (const message of messages.values()) expect(message).toMatch(/^[A-Z].*\.$/)
})

test('whoever looks at a warning finds names of measurements', () => {
  const names = IMPLAUSIBLE.flatMap(([, measurements]) => warningsFor(measurements)).flatMap(
    ({ measurements }) => measurements,
  )
  expect(names.every((name) => MEASUREMENT_NAMES.includes(name))).toBe(true)
})
