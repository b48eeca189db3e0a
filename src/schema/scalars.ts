import { GraphQLError, Kind, valueFromASTUntyped } from 'graphql'
import { JSON_DEPTH_MAX, jsonFault } from '../json-fault.ts'
import { parseMoment } from '../moment.ts'
import { builder } from './builder.ts'

builder.scalarType('DateTime', {
  description:
    'A moment as RFC 3339 writes it: `2026-01-31T12:00:00+00:00`, with up to three digits of a second. Answers are in UTC; inputs may be in any zone.',
  serialize: String,
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : null),
})

builder.scalarType('Measurements', {
  description:
    'A JSON object of numbers: measurement names (see MeasurementName) and their values in the unit that was asked for, shoulderSlope always in degrees.',
  serialize: (value) => value,
  parseValue: parseMeasurements,
  parseLiteral: (node, variables) => parseMeasurements(valueFromASTUntyped(node, variables)),
})

builder.scalarType('JSON', {
  description: `Any JSON value; in an input at most ${JSON_DEPTH_MAX} objects and lists stand in one another.`,
  serialize: (value) => value,
  parseValue: parseJson,
  parseLiteral: (node, variables) => parseJson(valueFromASTUntyped(node, variables)),
})

function parseJson(value: unknown): unknown {
  const fault = jsonFault(value)
  if (fault !== null) throw new GraphQLError(fault)
  return value
}

function parseMeasurements(given: unknown): object {
  const value = parseJson(given)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new GraphQLError('Measurements are an object: names, and a number for each.')
}

function parseDateTime(value: unknown): Date {
  const moment = typeof value === 'string' ? parseMoment(value) : null
  if (moment !== null) return moment
  throw new GraphQLError('A DateTime is written as RFC 3339 has it: 2026-01-31T12:00:00Z.')
}
