/**
 * What graphql-js says of a document or a variable, without the values that it quotes: where a value does not fit, it may be a
 * secret that was put in the wrong place, and refusals end up in the logs of clients. Names and types stay.
 */
export function withholdValues(message: string): string {
  return QUOTING.reduce((told, [quote, rest]) => told.replace(quote, rest), message)
}

const QUOTING: readonly (readonly [RegExp, string])[] = [
  [/(cannot represent [\w -]*value): [\s\S]*$/, '$1.'],
  [/(Expected value of type "[^"]*"), found [\s\S]*$/, '$1.'],
  [/\bValue [\s\S]* (does not exist in "\w+" enum)/, 'This value $1'],
  [/\b((?:Block)?String) "[\s\S]*$/, '$1.'],
]
