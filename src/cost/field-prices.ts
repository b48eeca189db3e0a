import { CostError } from './cost-error.ts'
import type { FieldCost, TypeCost } from './type-cost.ts'

/** @throws {CostError} for a field that the object type does not have */
export function fieldPrice(object: TypeCost, name: string): FieldCost {
  const field = object.fields.get(name)
  if (field === undefined) throw new CostError('there is no such field', `${object.name}.${name}`)
  return field
}

/** Found once for each type: an interface can have ten thousand objects. */
const KNOWN = new WeakMap<TypeCost, Map<string, ReadonlySet<FieldCost>>>()

/**
 * The different prices of a field among the objects of a type that have it.
 * @throws {CostError} where none has
 */
export function fieldPrices(type: TypeCost, name: string): ReadonlySet<FieldCost> {
  const ofType = KNOWN.get(type) ?? new Map<string, ReadonlySet<FieldCost>>()
  KNOWN.set(type, ofType)
  const known = ofType.get(name)
  if (known !== undefined) return known
  const prices = new Set<FieldCost>()
  for (const object of type.objects) {
    const price = object.fields.get(name)
    if (price !== undefined) prices.add(price)
  }
  if (prices.size === 0) throw new CostError('there is no such field', `${type.name}.${name}`)
  ofType.set(name, prices)
  return prices
}
