import type { SchemaCost } from './schema-cost.ts'
import type { FieldCost, TypeCost } from './type-cost.ts'

/**
 * Coordinates of the lists of which nobody knows a bound: the field has no assumed size for itself, and not every field that
 * answers its type gives it one. Introspection aside. Empty where the schema has a default list size.
 */
export function unboundedLists(schemaCost: SchemaCost): readonly string[] {
  if (schemaCost.defaultListSize !== Number.POSITIVE_INFINITY) return []
  const objects = [...schemaCost.types.values()].filter(
    ({ kind, name }) => kind === 'object' && !name.startsWith('__'),
  )
  const answering = fieldsByAnswer(objects)
  return objects.flatMap((object) =>
    [...object.fields].flatMap(([name, field]) => {
      if (!field.isList || hasOwnBound(field)) return []
      const parents = answering.get(object) ?? []
      const isSized = parents.length > 0 && parents.every((parent) => sizes(parent, name))
      return isSized ? [] : [`${object.name}.${name}`]
    }),
  )
}

function hasOwnBound({ listSize }: FieldCost): boolean {
  return listSize !== null && listSize.assumedSize !== null && listSize.sizedFields.size === 0
}

function sizes({ listSize }: FieldCost, name: string): boolean {
  return listSize !== null && listSize.assumedSize !== null && listSize.sizedFields.has(name)
}

/** The fields that can answer objects of a type. */
function fieldsByAnswer(objects: readonly TypeCost[]): ReadonlyMap<TypeCost, readonly FieldCost[]> {
  const fields = new Set(objects.flatMap((object) => [...object.fields.values()]))
  const answering = new Map<TypeCost, FieldCost[]>()
  for (const field of fields) {
    for (const object of field.output.objects) {
      const known = answering.get(object)
      if (known === undefined) answering.set(object, [field])
      else known.push(field)
    }
  }
  return answering
}
