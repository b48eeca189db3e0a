import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql'
import { DEFAULT_PAGE_SIZE } from '../cost/page-size.ts'
import { FIELD_PRICES, type FieldPrice, FREE_ARGUMENT, FREE_TYPE, LEDGER_LINE } from './prices.ts'
import type { AccessRule, Scope } from '../auth/access.ts'

const text = new GraphQLNonNull(GraphQLString)
const texts = new GraphQLList(text)

/** @see https://ibm.github.io/graphql-specs/cost-spec.html */
export const costDirective = new GraphQLDirective({
  name: 'cost',
  description:
    'What a type, field or argument weighs, in points. Without it an object weighs 1, a scalar or enum 0, a field or argument of an object type 1.',
  locations: [
    DirectiveLocation.ARGUMENT_DEFINITION,
    DirectiveLocation.ENUM,
    DirectiveLocation.FIELD_DEFINITION,
    DirectiveLocation.INPUT_FIELD_DEFINITION,
    DirectiveLocation.OBJECT,
    DirectiveLocation.SCALAR,
  ],
  args: { weight: { type: text, description: 'A signed number.' } },
})

/** @see https://ibm.github.io/graphql-specs/cost-spec.html */
export const listSizeDirective = new GraphQLDirective({
  name: 'listSize',
  description: 'How many items a list can hold.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    assumedSize: { type: GraphQLInt, description: 'Items where no argument says it.' },
    slicingArguments: { type: texts, description: 'Arguments that say it; the largest counts.' },
    sizedFields: { type: texts, description: 'Fields of the answer that the size applies to.' },
    requireOneSlicingArgument: {
      type: GraphQLBoolean,
      defaultValue: true,
      description: 'Whether exactly one of the slicing arguments must be given.',
    },
  },
})

export const accessDirective = new GraphQLDirective({
  name: 'access',
  description:
    'Who may ask for a field. What a field answers may still depend on the caller: rows that he may not see are null or absent, and never refuse an operation.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    scope: { type: text, description: 'The scope to hold: a row of the access matrix.' },
    level: {
      type: GraphQLInt,
      description: 'Lowest access level; null: anybody, without credentials too.',
    },
    by: {
      type: text,
      description:
        'any: API key or session; session: a signed-in person alone; key-itself: that person, or a key for itself.',
    },
    roles: { type: texts, description: 'Roles that may; null: all.' },
    consent: { type: GraphQLString, description: 'The consent that the data rests on.' },
  },
})

type DirectiveArguments = Readonly<Record<string, unknown>>

/** Directives of a field as the printed schema shows them, by name. */
export interface FieldDirectives {
  readonly access: DirectiveArguments
  readonly cost?: DirectiveArguments
  readonly listSize?: DirectiveArguments
}

/** What the schema prints for a field's rule and price. `atMost` is the size that a plain list never passes. */
export function fieldDirectives(
  scope: Scope,
  rule: AccessRule,
  {
    price,
    atMost,
  }: { readonly price?: FieldPrice | undefined; readonly atMost?: number | undefined },
): FieldDirectives {
  const { level, by, roles, consent } = rule
  return {
    access: {
      scope,
      ...(level === null ? {} : { level }),
      by,
      ...(roles === undefined ? {} : { roles }),
      ...(consent === undefined ? {} : { consent }),
    },
    ...(price !== undefined && { cost: { weight: String(FIELD_PRICES[price]) } }),
    ...(price === 'connection' && { listSize: CONNECTION_SIZE }),
    ...(atMost !== undefined && {
      listSize: { assumedSize: atMost, requireOneSlicingArgument: false },
    }),
  }
}

const CONNECTION_SIZE = {
  assumedSize: DEFAULT_PAGE_SIZE,
  slicingArguments: ['first', 'last'],
  sizedFields: ['nodes', 'edges'],
  requireOneSlicingArgument: false,
}

/** Extensions of a type that weighs nothing. */
export const FREE = weighing(FREE_TYPE)

/** Extensions of the type of a line of the ledger. */
export const LEDGER_LINE_PRICE = weighing(LEDGER_LINE)

/** Extensions of an argument that is an object and weighs nothing. */
export const FREE_FILTER = weighing(FREE_ARGUMENT)

function weighing(weight: number) {
  return { directives: { cost: { weight: String(weight) } } }
}
