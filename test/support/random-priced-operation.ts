import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isObjectType,
} from 'graphql'

import type { Choices } from './choices.ts'

export interface PricedOperation {
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
}

const DEPTH_MAX = 4
const FIELDS_MAX = 25
/** Values by type: as a literal, and as a variable has it. */
const VALUES: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  Int: [
    ['2', 2],
    ['3', 3],
    ['0', 0],
    ['-1', -1],
    ['1', 1],
    ['null', null],
  ],
  Boolean: [
    ['true', true],
    ['false', false],
    ['null', null],
  ],
  Float: [
    ['0.5', 0.5],
    ['null', null],
  ],
  Filter: [
    ['{}', {}],
    ['{ a: 2 }', { a: 2 }],
    ['{ b: null, inner: null }', { b: null, inner: null }],
    ['{ nested: { inner: { x: null } } }', { nested: { inner: { x: null } } }],
    ['{ inners: [{}, { y: "s" }] }', { inners: [{}, { y: 's' }] }],
    ['null', null],
  ],
  '[Inner]': [
    ['[]', []],
    ['[{ x: 1 }, null, {}]', [{ x: 1 }, null, {}]],
    ['{ y: "t" }', { y: 't' }],
    ['null', null],
  ],
}
/** Literals that hold variables, by type. */
const MIXED: Readonly<Record<string, readonly string[]>> = {
  Filter: ['{ a: $inside }', '{ inner: $inner, nested: { b: true } }'],
  '[Inner]': ['[{ x: $inside }, $inner]', '[{ y: "s" }, $inner]'],
}

/**
 * A valid operation over a random priced schema: aliases, merged fields, fragments named and inline, types abstract and not,
 * arguments by literal, variable and default, switches and a priced directive.
 */
export function randomPricedOperation(schema: GraphQLSchema, choices: Choices): PricedOperation {
  return new OperationText(schema, choices).write()
}

class OperationText {
  readonly #schema: GraphQLSchema
  readonly #choices: Choices
  readonly #declared = new Map<string, string>()
  readonly #given: Record<string, unknown> = {}
  readonly #fragments: { name: string; type: GraphQLNamedType; depth: number; text: string }[] = []
  /** Calls by coordinate: written again, they are merged. */
  readonly #calls = new Map<string, string[]>()
  #names = 0
  #fields = 0

  constructor(schema: GraphQLSchema, choices: Choices) {
    this.#schema = schema
    this.#choices = choices
  }

  write(): PricedOperation {
    const root = this.#schema.getQueryType()
    if (!root) throw new Error('The schema has no query type.')
    const body = this.#selectionSet(root, DEPTH_MAX)
    const declared = [...this.#declared].map(([name, type]) => `$${name}: ${type}`)
    const head = declared.length === 0 ? 'query' : `query (${declared.join(', ')})`
    const fragments = this.#fragments.map(
      ({ name, type, text }) => `fragment ${name} on ${type.name} ${text}`,
    )
    return { text: [`${head} ${body}`, ...fragments].join('\n'), variables: this.#given }
  }

  #selectionSet(type: GraphQLNamedType, depth: number): string {
    const selections = Array.from({ length: 1 + this.#choices.choose(4) }, () =>
      this.#selection(type, depth),
    )
    return `{ ${selections.join(' ')} }`
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    const kind = this.#choices.choose(10)
    if (kind === 9) return this.#spread(type, depth)
    if (kind >= 7) {
      const condition = this.#choices.oneOf(this.#overlapping(type))
      const head = this.#choices.rarely(4) ? '...' : `... on ${condition.name}`
      const inside = head === '...' ? type : condition
      return `${head}${this.#switches()} ${this.#selectionSet(inside, depth)}`
    }
    const fields = 'getFields' in type ? Object.values(type.getFields()) : []
    const open = fields.filter(
      (field): field is GraphQLField<unknown, unknown> =>
        'args' in field && (depth > 1 || !isCompositeType(getNamedType(field.type))),
    )
    if (open.length === 0 || this.#fields > FIELDS_MAX || kind === 6) return '__typename'
    return this.#field(this.#choices.oneOf(open), depth)
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    this.#fields += 1
    const known = this.#calls.get(field.name) ?? []
    const call = known.length > 0 && this.#choices.rarely(3) ? this.#choices.oneOf(known) : null
    const head = call ?? this.#call(field)
    if (call === null) this.#calls.set(field.name, [...known, head])
    const type = getNamedType(field.type)
    const below = isCompositeType(type) ? ` ${this.#selectionSet(type, depth - 1)}` : ''
    return `${head}${this.#approx()}${this.#switches()}${below}`
  }

  #call(field: GraphQLField<unknown, unknown>): string {
    const pairs = field.args.flatMap((argument) => {
      const value = this.#argument(argument)
      return value === null ? [] : [`${argument.name}: ${value}`]
    })
    // The same response name goes with the same arguments alone.
    if (pairs.length === 0 && !this.#choices.rarely(4)) return field.name
    const list = pairs.length === 0 ? '' : `(${pairs.join(', ')})`
    return `a${++this.#names}: ${field.name}${list}`
  }

  #argument({ type }: GraphQLArgument): string | null {
    const way = this.#choices.choose(5)
    if (way === 0) return null
    const mixed = MIXED[String(type)]
    if (way === 4 && mixed !== undefined) {
      const text = this.#choices.oneOf(mixed)
      if (text.includes('$inside')) this.#declare('inside', 'Int', [3, null, undefined])
      if (text.includes('$inner')) this.#declare('inner', 'Inner', [{}, { y: 's' }, undefined])
      return text
    }
    const [literal, value] = this.#choices.oneOf(VALUES[String(type)] ?? [])
    if (way === 1) return literal
    const name = `v${++this.#names}`
    this.#declared.set(name, way === 2 ? String(type) : `${String(type)} = ${literal}`)
    if (way === 2 ? !this.#choices.rarely(4) : this.#choices.rarely(4)) this.#given[name] = value
    return `$${name}`
  }

  #declare(name: string, type: string, values: readonly unknown[]): void {
    if (this.#declared.has(name)) return
    this.#declared.set(name, type)
    const value = this.#choices.oneOf(values)
    if (value !== undefined) this.#given[name] = value
  }

  #approx(): string {
    if (!this.#choices.rarely(5)) return ''
    const filter = this.#choices.oneOf(['', 'f: null', 'f: { a: 1 }', 't: 0.5'])
    return ` @approx${filter === '' ? '' : `(${filter})`}`
  }

  #switches(): string {
    if (!this.#choices.rarely(5)) return ''
    return ` @${this.#choices.oneOf(['include', 'skip'])}(if: ${this.#condition()})`
  }

  #condition(): string {
    if (this.#choices.rarely(3)) return String(this.#choices.rarely(2))
    const name = this.#choices.oneOf(['s1', 's2', 's3'])
    if (!this.#declared.has(name)) {
      const types = ['Boolean!', 'Boolean = true', 'Boolean = false']
      this.#declare(name, this.#choices.oneOf(types), [true, false, null, 'true', undefined])
    }
    return `$${name}`
  }

  #spread(type: GraphQLNamedType, depth: number): string {
    const overlapping = this.#overlapping(type)
    const known = this.#fragments.filter(
      (fragment) => overlapping.includes(fragment.type) && fragment.depth <= depth,
    )
    if (known.length > 0 && this.#choices.rarely(2)) {
      return `...${this.#choices.oneOf(known).name}${this.#switches()}`
    }
    const condition = this.#choices.oneOf(overlapping)
    // Written before it is known, so that it never spreads itself.
    const text = this.#selectionSet(condition, depth)
    const name = `F${++this.#names}`
    this.#fragments.push({ name, type: condition, depth, text })
    return `...${name}${this.#switches()}`
  }

  /** The type itself first, then types that objects of it can also be. */
  #overlapping(type: GraphQLNamedType): readonly GraphQLNamedType[] {
    const objects = isAbstractType(type)
      ? this.#schema.getPossibleTypes(type)
      : isObjectType(type)
        ? [type]
        : []
    const wider = Object.values(this.#schema.getTypeMap()).filter(
      (other) =>
        isAbstractType(other) &&
        other !== type &&
        objects.some((object) => this.#schema.isSubType(other, object)),
    )
    return [type, ...objects.filter((object) => object !== type), ...wider]
  }
}
