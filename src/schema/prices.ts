/**
 * What a field costs, by kind, in points: the price list that `@cost` and `@listSize` print into the schema. A field that
 * answers objects names its kind; one that names none answers a value of its object and costs nothing. Object types weigh
 * 1 each, the Relay shape around them 0, lines of the ledger a part.
 */
export const FIELD_PRICES = {
  connection: 5,
  totalCount: 5,
  list: 5,
  sum: 20,
  relation: 1,
  'scalar-list': 1,
  'large-json': 5,
  mutation: 10,
  import: 110,
  shape: 0,
} as const satisfies Record<string, number>

export type FieldPrice = keyof typeof FIELD_PRICES

/** Where a field of the schema keeps its kind among its extensions. */
export const PRICE = 'maatPrice'

/** Types that exist only to shape a page or a value: they weigh nothing, so that edges and nodes cost the same. */
export const FREE_TYPE = 0

/** A line of the ledger, in points: so many come at once that each is a small part of what an object is. */
export const LEDGER_LINE = 0.05

/** Arguments that are an object, such as a filter: what is looked for does not change the price of a page. */
export const FREE_ARGUMENT = 0
