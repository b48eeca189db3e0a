import { type Length, lengthsOf } from './adult-ranges.ts'
import type { Measurements } from './definitions.ts'

/** Who is measured. A doll of a tenth of our size has in millimetres what we have in centimetres. */
export type Scale = 'PERSON' | 'DOLL'

/** A whole set in another unit than was said: its values are about `times` what adults have. */
export const WHOLE_MIX_UPS = [
  {
    code: 'LOOKS_LIKE_CM',
    times: 1 / 10,
    fitsDoll: true,
    message:
      'All in all this is a tenth of what adults measure: it looks like centimetres read as millimetres. Give unit: CM, or scale: DOLL where it is right.',
  },
  {
    code: 'LOOKS_LIKE_INCH',
    times: 1 / 25.4,
    fitsDoll: true,
    message:
      'All in all this is a twenty-fifth of what adults measure: it looks like inches read as millimetres. Give unit: INCH, or scale: DOLL where it is right.',
  },
  {
    code: 'LOOKS_LIKE_MM',
    times: 10,
    fitsDoll: false,
    message:
      'All in all this is ten times what adults measure: it looks like millimetres read as centimetres. Give unit: MM.',
  },
] as const

/** How far the median may lie from what adults have, as a share of it. */
const WHOLE_TOLERANCE = 0.15

/** Values in another unit than the others of their set: they are about one of these `times` what the others lead to expect. */
export const SINGLE_MIX_UPS = [
  {
    code: 'VALUE_LOOKS_LIKE_CM',
    times: [1 / 10, 2.54],
    message:
      'Beside the other values these look like centimetres: a tenth of what is expected among millimetres, or two and a half times among inches.',
  },
  {
    code: 'VALUE_LOOKS_LIKE_INCH',
    times: [1 / 25.4, 1 / 2.54],
    message:
      'Beside the other values these look like inches: a twenty-fifth of what is expected among millimetres, or two fifths among centimetres.',
  },
  {
    code: 'VALUE_LOOKS_LIKE_MM',
    times: [10, 25.4],
    message:
      'Beside the other values these look like millimetres: ten times what is expected among centimetres, or twenty-five times among inches.',
  },
  {
    code: 'VALUE_OUT_OF_PROPORTION',
    times: [],
    message: 'Beside the other values these are far from what is expected.',
  },
] as const

/** Fewer lengths do not tell which one of them is off. */
const SINGLE_LENGTHS_MIN = 5

/**
 * Half way, in ratios, between a value as expected (1) and the smallest mix-up (2.54). No model has a length that is further
 * than 1.42 from what its others lead to expect.
 */
const AS_EXPECTED = Math.sqrt(2.54)

/** The unit that a whole set looks like, where it is another than was said; from one length on. */
export function wholeMixUps(measurements: Measurements, scale: Scale) {
  const lengths = lengthsOf(measurements)
  if (lengths.length === 0) return []
  const names = lengths.map(({ name }) => name)
  return WHOLE_MIX_UPS.filter(({ times, fitsDoll }) => {
    if (fitsDoll && scale === 'DOLL') return false
    const ratio = median(lengths.map(({ mm, adult }) => ratioToRange(mm / times, adult)))
    return Math.abs(ratio - 1) <= WHOLE_TOLERANCE
  }).map(({ code, message }) => ({ code, message, measurements: names }))
}

/** The values that do not go with the others, whatever the size of the whole; from five lengths on. */
export function singleMixUps(measurements: Measurements) {
  const lengths = lengthsOf(measurements)
  if (lengths.length < SINGLE_LENGTHS_MIN) return []
  const size = median(lengths.map(sizeOf))
  const off = lengths.flatMap((length) => {
    const times = sizeOf(length) / size
    return isNear(times, 1) ? [] : [{ name: length.name, code: codeOf(times) }]
  })
  return SINGLE_MIX_UPS.map(({ code, message }) => ({
    code,
    message,
    measurements: off.filter((value) => value.code === code).map(({ name }) => name),
  })).filter(({ measurements: names }) => names.length > 0)
}

function codeOf(times: number): (typeof SINGLE_MIX_UPS)[number]['code'] {
  const mixUp = SINGLE_MIX_UPS.find((one) => one.times.some((other) => isNear(times, other)))
  return mixUp?.code ?? 'VALUE_OUT_OF_PROPORTION'
}

/** A length beside that of an adult in the middle. */
function sizeOf({ mm, adult }: Length): number {
  return mm / Math.sqrt(adult.least * adult.most)
}

/** 1 within the range; else the length beside the end that is nearer. */
function ratioToRange(mm: number, { least, most }: Length['adult']): number {
  if (mm < least) return mm / least
  return mm > most ? mm / most : 1
}

function isNear(times: number, other: number): boolean {
  return times < other * AS_EXPECTED && times > other / AS_EXPECTED
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (lower + upper) / 2
}
