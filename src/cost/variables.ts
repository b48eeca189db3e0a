import {
  type ConstValueNode,
  type OperationDefinitionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql'

/** Values of an operation's variables by name, coerced or raw. Absent and undefined are the same. */
export type Variables = Readonly<Record<string, unknown>>

/** Reads a variable: what was supplied, null too; else the operation's default; else undefined. */
export type ReadVariable = (name: string, variables: Variables) => unknown

/** How an operation reads its variables. */
export function variableReader(operation: OperationDefinitionNode): ReadVariable {
  const defaults = new Map<string, unknown>()
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue !== undefined) defaults.set(variable.name.value, constantOf(defaultValue))
  }
  return (name, variables) => {
    const given = member(variables, name)
    return given === undefined ? defaults.get(name) : given
  }
}

/** A member of an object's own: nothing that every object has by birth, such as `constructor`. */
export function member(object: Variables, name: string): unknown {
  const value = object[name]
  return value === undefined || !Object.hasOwn(object, name) ? undefined : value
}

/** A literal without variables as a value; enum values are their names. */
export function constantOf(node: ConstValueNode | ValueNode): unknown {
  return valueFromASTUntyped(node)
}
