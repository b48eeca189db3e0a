import { buildSchema, type GraphQLSchema } from 'graphql'

import type { Choices } from './choices.ts'
import { COST_DIRECTIVES } from './priced-sdl.ts'

export interface PricedSchemaOptions {
  /** Halves, so that sums are exact. */
  readonly weights: readonly string[]
  /** Whether a position may hold objects of several types. */
  readonly types: 'mixed' | 'single'
}

/** Weights below 0 among them. */
export const SIGNED = ['1', '0', '2', '0.5', '3', '-1', '-2.5', '7']
export const UNSIGNED = ['1', '0', '2', '0.5', '3', '7']

/** The same in every type, so that fields of one name go together. */
const FIELDS: Readonly<Record<string, string>> = {
  num: 'Int',
  text: 'Text',
  color: 'Color',
  colors: '[Color!]',
  one: 'A',
  two: 'B!',
  many: '[A]',
  grid: '[[B!]!]',
  any: 'Node',
  all: '[Node]',
  part: 'Part!',
  result: 'Result',
  results: '[Result!]!',
  page: 'Page',
  pages: '[Page!]',
}
const PAGE_FIELDS: Readonly<Record<string, string>> = {
  items: '[A]',
  nodes: '[Node!]',
  rows: '[Row!]!',
  total: 'Int',
}
const ARGUMENTS: Readonly<Record<string, { readonly type: string; readonly values: string[] }>> = {
  first: { type: 'Int', values: ['2', '0', '3', 'null'] },
  last: { type: 'Int', values: ['1', '-1', '3'] },
  filter: { type: 'Filter', values: ['{}', 'null', '{ a: 1, inner: { y: "s" } }'] },
  inners: { type: '[Inner]', values: ['[]', '[{}, null, { x: 3 }]', '{ y: "t" }'] },
  flag: { type: 'Boolean', values: ['true', 'null'] },
}
const OBJECTS = ['A', 'B', 'C', 'D']

/** A schema with prices all over it: on types, fields, arguments, input fields and the arguments of a directive. */
export function randomPricedSchema(choices: Choices, options: PricedSchemaOptions): GraphQLSchema {
  return buildSchema(new SchemaText(choices, options).write())
}

class SchemaText {
  readonly #choices: Choices
  readonly #options: PricedSchemaOptions
  /** Arguments by field: interfaces ask for the same in all types. */
  readonly #arguments = new Map<string, readonly string[]>()

  constructor(choices: Choices, options: PricedSchemaOptions) {
    this.#choices = choices
    this.#options = options
  }

  write(): string {
    const names = Object.keys(FIELDS)
    const ofNode = ['num', ...this.#choices.some(names, 3)]
    const ofPart = ['text', ...this.#choices.some(names, 3)]
    const isSingle = this.#options.types === 'single'
    const nodes = isSingle ? ['A'] : ['A', ...this.#choices.some(OBJECTS.slice(1), 2)]
    const parts = isSingle ? ['B'] : ['B', ...this.#choices.some(OBJECTS.slice(2), 2)]
    const members = isSingle ? ['C'] : ['C', ...this.#choices.some(['A', 'B', 'D'], 2)]
    const objects = OBJECTS.map((name) => {
      const interfaces = [
        ...(nodes.includes(name) ? ['Node'] : []),
        ...(parts.includes(name) ? ['Part'] : []),
      ]
      const fields = [
        'num',
        ...(nodes.includes(name) ? ofNode : []),
        ...(parts.includes(name) ? ofPart : []),
        ...this.#choices.some(names, 2),
      ]
      return this.#type(`type ${name}`, interfaces, this.#fields(fields))
    })
    return [
      COST_DIRECTIVES,
      `directive @approx(t: Float${this.#weight()}, f: Filter${this.#default('filter')}${this.#weight()}) repeatable on FIELD`,
      `scalar Text${this.#weight()}`,
      `enum Color${this.#weight()} { RED GREEN }`,
      this.#inputs(),
      `interface Node { ${this.#fields(ofNode)} }`,
      `interface Part { ${this.#fields(ofPart)} }`,
      `union Result = ${members.join(' | ')}`,
      ...objects,
      this.#type('type Page', [], this.#fields(Object.keys(PAGE_FIELDS))),
      this.#type('type Row', [], this.#fields(['num', 'one', 'any'])),
      this.#type('type Query', [], this.#fields(names)),
    ].join('\n')
  }

  #type(head: string, interfaces: readonly string[], fields: string): string {
    const list = interfaces.length === 0 ? '' : ` implements ${interfaces.join(' & ')}`
    return `${head}${list}${this.#weight()} { ${fields} }`
  }

  #fields(names: readonly string[]): string {
    return [...new Set(names)].map((name) => this.#field(name)).join('\n  ')
  }

  #field(name: string): string {
    const type = FIELDS[name] ?? PAGE_FIELDS[name] ?? ''
    const known = this.#arguments.get(name)
    const names = known ?? this.#choices.some(Object.keys(ARGUMENTS), 3)
    this.#arguments.set(name, names)
    const written = names.map(
      (argument) =>
        `${argument}: ${ARGUMENTS[argument]?.type}${this.#default(argument)}${this.#weight()}`,
    )
    const list = written.length === 0 ? '' : `(${written.join(', ')})`
    return `${name}${list}: ${type}${this.#weight()}${this.#listSize(type, names)}`
  }

  #listSize(type: string, names: readonly string[]): string {
    const sizesFields = /Page/.test(type) && this.#choices.rarely(2)
    if (!type.includes('[') && !sizesFields) return ''
    const slicing = ['first', 'last'].filter((argument) => names.includes(argument))
    const parts = [
      ...(this.#choices.rarely(2) ? [`assumedSize: ${this.#choices.choose(4)}`] : []),
      ...(slicing.length > 0 && this.#choices.rarely(2)
        ? [`slicingArguments: ${JSON.stringify(slicing)}`]
        : []),
      ...(sizesFields ? [`sizedFields: ["items", "rows", "total"]`] : []),
    ]
    return parts.length === 0 ? '' : ` @listSize(${parts.join(', ')})`
  }

  #inputs(): string {
    const inner = ['', ' = {}', ' = { x: 4 }', ' = null']
    return [
      `input Filter { a: Int${this.#weight()} b: Boolean = true${this.#weight()}`,
      `inner: Inner${this.#choices.oneOf(inner)}${this.#weight()} nested: Filter${this.#weight()}`,
      `inners: [Inner!]${this.#weight()} }`,
      `input Inner { x: Int = 1${this.#weight()} y: String${this.#weight()} }`,
    ].join(' ')
  }

  #default(argument: string): string {
    if (!this.#choices.rarely(3)) return ''
    return ` = ${this.#choices.oneOf(ARGUMENTS[argument]?.values ?? [])}`
  }

  #weight(): string {
    if (!this.#choices.rarely(2)) return ''
    return ` @cost(weight: "${this.#choices.oneOf(this.#options.weights)}")`
  }
}
