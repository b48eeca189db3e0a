import fc from 'fast-check'
import { expect, test } from 'vitest'

import { Choices } from '../../support/choices.ts'
import { type PricedCase, pricedCases } from '../../support/priced-cases.ts'
import { SIGNED, UNSIGNED } from '../../support/random-priced-schema.ts'
import {
  addField,
  extractFragments,
  liftArguments,
  repeatSelections,
  type Request,
  reverseSelections,
  withoutFragments,
  writeDefaults,
} from '../../support/rewrite-document.ts'

const cases = pricedCases({ weights: SIGNED, types: 'mixed' }, [2, Number.POSITIVE_INFINITY])

const REWRITES: Readonly<Record<string, (given: PricedCase) => Partial<Request>>> = {
  'without fragments': ({ document }) => ({ document: withoutFragments(document) }),
  'with a fragment for every selection set': ({ schema, document }) => ({
    document: extractFragments(schema, document),
  }),
  'with its fields in another order': ({ document }) => ({ document: reverseSelections(document) }),
  'with everything selected twice': ({ document }) => ({ document: repeatSelections(document) }),
  'with arguments as variables': (given) => liftArguments(given.schema, given, 'values'),
  'with arguments as defaults of variables': (given) =>
    liftArguments(given.schema, given, 'defaults'),
  'with the defaults of the schema written down': ({ schema, document }) => ({
    document: writeDefaults(schema, document),
  }),
}

test.each(Object.entries(REWRITES))('%s an operation costs the same', (_name, rewrite) => {
  fc.assert(
    fc.property(cases, (given) => {
      const { document = given.document, variables = given.variables } = rewrite(given)
      const price = given.compile(document).estimate(variables)
      expect(price).toEqual(given.compile(given.document).estimate(given.variables))
    }),
    { numRuns: 200 },
  )
})

test('one more field never lowers a price', () => {
  const unsigned = pricedCases({ weights: UNSIGNED, types: 'mixed' }, [2])
  fc.assert(
    fc.property(unsigned, fc.nat(999), (given, choice) => {
      const { schema, document, variables, compile } = given
      const more = addField(schema, document, Choices.listed([choice]))
      fc.pre(more !== null)
      const before = compile(document).estimate(variables)
      const after = compile(more).estimate(variables)
      expect(after.typeCost).toBeGreaterThanOrEqual(before.typeCost)
      expect(after.fieldCost).toBeGreaterThanOrEqual(before.fieldCost)
    }),
    { numRuns: 400 },
  )
})
