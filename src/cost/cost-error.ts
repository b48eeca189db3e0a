/** What can not be priced: a price list that makes no sense, or a document that goes with no schema. */
export class CostError extends Error {
  override readonly name = 'CostError'
  /** Schema coordinate of what is wrong, such as `Query.users(first:)`; null where no part of the schema is. */
  readonly coordinate: string | null

  constructor(message: string, coordinate: string | null = null) {
    super(coordinate === null ? message : `${coordinate}: ${message}`)
    this.coordinate = coordinate
  }
}
