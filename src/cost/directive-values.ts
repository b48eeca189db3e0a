import { type ConstDirectiveNode, type ConstValueNode, Kind, valueFromASTUntyped } from 'graphql'

/** What a directive can stand on: a definition of a schema. */
export interface Annotated {
  readonly astNode?: Annotation | null | undefined
  readonly extensionASTNodes?: readonly Annotation[] | undefined
  readonly extensions: Readonly<Record<string, unknown>>
}

interface Annotation {
  readonly directives?: readonly ConstDirectiveNode[] | undefined
}

export type DirectiveValues = Readonly<Record<string, unknown>>

/**
 * The arguments of a directive that stands on a definition, by name, uncoerced; null where it does not stand there. Read
 * from its text, else from `extensions.directives`: an object by directive name, or a list of names and arguments.
 */
export function directiveValues(element: Annotated, name: string): DirectiveValues | null {
  const nodes = [element.astNode, ...(element.extensionASTNodes ?? [])]
  for (const node of nodes) {
    const found = node?.directives?.find((directive) => directive.name.value === name)
    if (found !== undefined) return valuesOfNode(found)
  }
  return valuesOfExtensions(element.extensions['directives'], name)
}

function valuesOfNode(node: ConstDirectiveNode): DirectiveValues {
  const pairs = (node.arguments ?? []).map((argument) => [
    argument.name.value,
    valueOf(argument.value),
  ])
  return Object.fromEntries(pairs)
}

function valueOf(node: ConstValueNode): unknown {
  // A whole number in text may be larger than any number.
  return node.kind === Kind.INT ? Number(node.value) : valueFromASTUntyped(node)
}

function valuesOfExtensions(directives: unknown, name: string): DirectiveValues | null {
  if (Array.isArray(directives)) {
    const found: unknown = directives.find((entry) => isRecord(entry) && entry['name'] === name)
    return isRecord(found) ? asValues(found['args'] ?? {}) : null
  }
  return isRecord(directives) && Object.hasOwn(directives, name) ? asValues(directives[name]) : null
}

/** A directive that may be repeated is a list there; the first counts. */
function asValues(values: unknown): DirectiveValues | null {
  const first: unknown = Array.isArray(values) ? values[0] : values
  return isRecord(first) ? first : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
