/** An enum value, which is no text as a literal and one in JSON. */
export class EnumName {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** The value as GraphQL text. */
export function literal(value: unknown): string {
  if (value instanceof EnumName) return value.name
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([name, member]) => `${name}: ${literal(member)}`)
  return `{ ${members.join(', ')} }`
}

/** The value as JSON has it. */
export function plain(value: unknown): unknown {
  if (value instanceof EnumName) return value.name
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}
