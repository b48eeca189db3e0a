import { nearestName } from '../../nearest-name.ts'
import { boundsProblem } from '../bounds.ts'
import {
  isMeasurementName,
  MEASUREMENT_NAMES,
  type MeasurementName,
  type Measurements,
} from '../definitions.ts'
import { type LengthUnitName, toStored } from '../units.ts'
import { type Findings, NAME_CHARACTERS_COMPARED } from './findings.ts'
import { isRecord } from './is-record.ts'

export interface GivenAt {
  readonly path: string
  readonly unit: LengthUnitName
  readonly findings: Findings
}

/**
 * Stored values of measurements as a file has them: numbers in this unit, or texts of numbers. null is absent. An unknown name
 * and a value out of bounds are among the findings.
 */
export function readMeasurements(given: unknown, { path, unit, findings }: GivenAt): Measurements {
  const { refuse } = findings
  if (!isRecord(given)) {
    refuse(path, given, () => 'Measurements are an object of numbers by name.')
    return {}
  }
  const values: { [name in MeasurementName]?: number } = {}
  for (const [name, value] of Object.entries(given)) {
    const at = `${path}.${name}`
    if (!isMeasurementName(name)) {
      refuse(at, name, () => unknownMeasurement(name))
      continue
    }
    if (value === null) continue
    const number = numberOf(value)
    if (typeof number === 'string') {
      refuse(at, value, () => `${name} ${number}`)
      continue
    }
    const stored = toStored(name, number, unit)
    const problem = boundsProblem(name, stored)
    if (problem === null) values[name] = stored
    else refuse(at, value, () => problem)
  }
  return values
}

function unknownMeasurement(name: string): string {
  const meant = nearestName(name.slice(0, NAME_CHARACTERS_COMPARED), MEASUREMENT_NAMES)
  return `There is no such measurement. Did you mean ${meant}?`
}

/** The number, or what is accepted instead. */
function numberOf(value: unknown): number | string {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return NUMBER
  const text = value.trim()
  if (THOUSANDS.test(text)) return NO_COMMA
  return DECIMAL.test(text) ? Number(text.replace(',', '.')) : NUMBER
}

const NUMBER = 'is a number, such as 92.5 or "92,5".'
const NO_COMMA = 'is a number: write it without a comma, which may part thousands here.'
const DECIMAL = /^[+-]?\d+(?:[.,]\d+)?$/
const THOUSANDS = /^[+-]?[1-9]\d{0,2},\d{3}$/
