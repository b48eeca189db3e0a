import { type ConstDirectiveNode, Kind, type TypeNode, valueFromASTUntyped } from 'graphql'

/** A definition as a printed schema has it, with its directives. */
export type Annotated = { readonly directives?: readonly ConstDirectiveNode[] | undefined }

/** The directive of this name that stands on the definition. */
export function directive(
  { directives = [] }: Annotated,
  name: string,
): ConstDirectiveNode | undefined {
  return directives.find((node) => node.name.value === name)
}

/** Arguments of a directive by name; none where it is not there. */
export function argumentsOf(
  node: ConstDirectiveNode | undefined,
): Readonly<Record<string, unknown>> {
  const given = node?.arguments ?? []
  return Object.fromEntries(
    given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  )
}

/** The weight that the definition prints; undefined where it prints none. */
export function weightOf(node: Annotated): unknown {
  return argumentsOf(directive(node, 'cost'))['weight']
}

/** Whether a type is a list, required or not. */
export function isList(type: TypeNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE
}

/** Name of a type within all its lists. */
export function typeName(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : typeName(type.type)
}
