import fc from 'fast-check'
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { EnumName, literal, plain } from './graphql-literal.ts'

export interface RandomOperation {
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
}

export interface RandomOperationOptions {
  /** Levels of selection sets. */
  readonly depth: number
  /** Fields over all selection sets, before fragments multiply them. */
  readonly fields: number
  /** Values for arguments of this name, or of this coordinate (`Query.node(id:)`), which counts first. */
  readonly values: Readonly<Record<string, readonly unknown[]>>
  /** Cursors of the lists that answer this connection, in this order (`orderBy`; null where there is none). */
  readonly cursors: (connection: string, order: string | null) => readonly string[]
  /** Values of `first` and `last`; small, usual and the largest by default. */
  readonly pageSizes?: readonly number[]
}

/**
 * Valid operations over the schema: aliases, merged and repeated fields, fragments named and inline, interfaces, switches
 * by literal and variable, arguments by literal, variable, default or not at all. Smaller choices make simpler operations,
 * so that a failure shrinks.
 */
export function randomOperation(
  schema: GraphQLSchema,
  options: RandomOperationOptions,
): fc.Arbitrary<RandomOperation> {
  const choices = fc.array(fc.nat(0xffff), { maxLength: 400, size: 'max' })
  // A bias to small numbers would make all operations alike.
  return fc.noBias(choices).map((made) => new OperationWriter(schema, options, made).write())
}

type Composite = GraphQLObjectType | GraphQLInterfaceType

interface Fragment {
  readonly name: string
  readonly type: Composite
  readonly depth: number
  readonly text: string
}

/** Every name that is made here but response names holds these letters: they must not appear in a statement. */
export const OWN_NAMES = 'zzq'

class OperationWriter {
  readonly #schema: GraphQLSchema
  readonly #options: RandomOperationOptions
  readonly #choices: readonly number[]
  #position = 0
  #fields = 0
  #names = 0
  readonly #declared = new Map<string, string>()
  readonly #given: Record<string, unknown> = {}
  readonly #fragments: Fragment[] = []

  constructor(schema: GraphQLSchema, options: RandomOperationOptions, choices: readonly number[]) {
    this.#schema = schema
    this.#options = options
    this.#choices = choices
  }

  write(): RandomOperation {
    const root = this.#schema.getQueryType()
    if (!root) throw new Error('The schema has no query type.')
    const body = this.#selectionSet(root, this.#options.depth)
    const declared = [...this.#declared].map(([name, type]) => `$${name}: ${type}`).join(', ')
    const head = declared === '' ? 'query' : `query ${OWN_NAMES}(${declared})`
    const fragments = this.#fragments.map(
      ({ name, type, text }) => `fragment ${name} on ${type.name} ${text}`,
    )
    return { text: [`${head} ${body}`, ...fragments].join('\n'), variables: this.#given }
  }

  /** 0 where the choices are used up. */
  #choose(below: number): number {
    const choice = this.#choices[this.#position] ?? 0
    this.#position += 1
    return choice % below
  }

  #oneOf<T>(items: readonly T[]): T {
    const item = items[this.#choose(items.length)]
    if (item === undefined) throw new Error('There is nothing to choose from.')
    return item
  }

  /** False for the smallest choice, true in one of so many cases. */
  #rarely(oneIn: number): boolean {
    return this.#choose(oneIn) === oneIn - 1
  }

  #name(prefix: string): string {
    this.#names += 1
    return `${prefix}${this.#names}`
  }

  #selectionSet(type: Composite, depth: number): string {
    const count = 1 + this.#choose(5)
    const selections = Array.from({ length: count }, () => this.#selection(type, depth))
    return `{ ${selections.join(' ')} }`
  }

  #selection(type: Composite, depth: number): string {
    const kind = this.#choose(10)
    if (kind === 8) return this.#inlineFragment(type, depth)
    if (kind === 9) return this.#spread(type, depth)
    if (kind === 7) return `__typename${this.#switches()}`
    const fields = Object.values(type.getFields()).filter(
      (field) => (depth > 1 && this.#fields < this.#options.fields) || !isComposite(field),
    )
    return fields.length === 0 ? '__typename' : this.#field(type, this.#oneOf(fields), depth)
  }

  #field(parent: Composite, field: GraphQLField<unknown, unknown>, depth: number): string {
    this.#fields += 1
    const given = this.#arguments(parent, field)
    // The same response name with other arguments would not be valid: arguments ask for a name of one's own.
    const alias = given === '' && !this.#rarely(4) ? '' : `${this.#name('a')}: `
    const head = `${alias}${field.name}${given}`
    const write = () => {
      const type = getNamedType(field.type)
      const below = isObjectType(type) || isInterfaceType(type)
      return `${head}${this.#switches()}${below ? ` ${this.#selectionSet(type, depth - 1)}` : ''}`
    }
    // A further node of the same response name is merged with the first.
    return this.#rarely(8) ? `${write()} ${write()}` : write()
  }

  #inlineFragment(type: Composite, depth: number): string {
    const condition = this.#choose(3) === 0 ? null : this.#oneOf(this.#overlapping(type))
    const head = condition === null ? '...' : `... on ${condition.name}`
    return `${head}${this.#switches()} ${this.#selectionSet(condition ?? type, depth)}`
  }

  #spread(type: Composite, depth: number): string {
    const overlapping = this.#overlapping(type)
    const known = this.#fragments.filter(
      (fragment) => overlapping.includes(fragment.type) && fragment.depth <= depth,
    )
    const fragment =
      known.length > 0 && this.#rarely(2)
        ? this.#oneOf(known)
        : this.#newFragment(this.#oneOf(overlapping), depth)
    return `...${fragment.name}${this.#switches()}`
  }

  #newFragment(type: Composite, depth: number): Fragment {
    const name = this.#name(`F${OWN_NAMES}`)
    // Written before it is known, so that it never spreads itself.
    const fragment = { name, type, depth, text: this.#selectionSet(type, depth) }
    this.#fragments.push(fragment)
    return fragment
  }

  /** The type itself first, then the interfaces or objects it overlaps with. */
  #overlapping(type: Composite): readonly Composite[] {
    return isInterfaceType(type)
      ? [type, ...this.#schema.getPossibleTypes(type)]
      : [type, ...type.getInterfaces()]
  }

  #switches(): string {
    if (!this.#rarely(5)) return ''
    if (this.#rarely(4)) return ` @include(if: ${this.#switch()}) @skip(if: ${this.#switch()})`
    return ` @${this.#oneOf(['include', 'skip'])}(if: ${this.#switch()})`
  }

  #switch(): string {
    const kind = this.#choose(5)
    if (kind < 2) return String(kind === 0)
    const name = `s${OWN_NAMES}${kind}`
    if (!this.#declared.has(name)) {
      const value = this.#choose(2) === 0
      const hasDefault = this.#choose(3) === 0
      this.#declared.set(name, hasDefault ? `Boolean = ${value}` : 'Boolean!')
      if (!hasDefault || this.#choose(2) === 0) this.#given[name] = !value
    }
    return `$${name}`
  }

  #arguments(parent: Composite, field: GraphQLField<unknown, unknown>): string {
    const written = new Map<string, string>()
    const page = this.#page(field)
    for (const argument of field.args) {
      const coordinate = `${parent.name}.${field.name}(${argument.name}:)`
      const value = Object.hasOwn(page, argument.name)
        ? page[argument.name]
        : PAGE_ARGUMENTS.includes(argument.name)
          ? undefined
          : this.#value(argument.type, coordinate, isRequiredArgument(argument))
      if (value !== undefined) written.set(argument.name, this.#written(argument, value))
    }
    const pairs = [...written].map(([name, value]) => `${name}: ${value}`)
    return pairs.length === 0 ? '' : `(${pairs.join(', ')})`
  }

  /** Arguments of a page that fit together, its order among them. */
  #page(field: GraphQLField<unknown, unknown>): Readonly<Record<string, unknown>> {
    if (!field.args.some(({ name }) => name === 'first')) return {}
    const orderBy = field.args.find(({ name }) => name === 'orderBy')
    const orderType = orderBy === undefined ? null : getNamedType(orderBy.type)
    const orders = isEnumType(orderType) ? orderType.getValues().map(({ name }) => name) : []
    const order = orders.length === 0 || this.#choose(3) === 0 ? null : this.#oneOf(orders)
    const cursors = this.#options.cursors(
      getNamedType(field.type).name,
      orderBy === undefined ? null : (order ?? String(orderBy.defaultValue)),
    )
    const page: Record<string, unknown> = order === null ? {} : { orderBy: new EnumName(order) }
    const size = this.#choose(4)
    const items = this.#oneOf(this.#options.pageSizes ?? PAGE_SIZES)
    if (size === 1) page['first'] = items
    if (size === 2) page['last'] = items
    if (size === 3) Object.assign(page, { first: null, last: this.#oneOf([null, items]) })
    for (const side of ['after', 'before']) {
      if (this.#rarely(5)) page[side] = this.#oneOf([null, ...cursors])
    }
    return page
  }

  /** A value of this type; undefined where it is left out. */
  #value(type: GraphQLInputType, coordinate: string, isRequired: boolean): unknown {
    if (!isRequired && this.#choose(3) === 0) return undefined
    if (isNonNullType(type)) return this.#present(type.ofType, coordinate)
    return this.#rarely(8) ? null : this.#present(type, coordinate)
  }

  #present(type: GraphQLInputType, coordinate: string): unknown {
    const own = this.#options.values[coordinate] ?? this.#options.values[lastName(coordinate)]
    if (own !== undefined) return this.#oneOf(own)
    if (isListType(type)) {
      return Array.from({ length: this.#choose(4) }, () =>
        this.#value(type.ofType, coordinate, true),
      )
    }
    if (isEnumType(type)) return new EnumName(this.#oneOf(type.getValues()).name)
    if (isInputObjectType(type)) {
      const members = Object.values(type.getFields()).map((member) => [
        member.name,
        this.#value(member.type, `${type.name}.${member.name}`, isNonNullType(member.type)),
      ])
      return Object.fromEntries(members.filter(([, value]) => value !== undefined))
    }
    if (type.name === 'Boolean') return this.#choose(2) === 0
    throw new Error(`No values are given for ${coordinate}.`)
  }

  /** The value as a literal, a variable, or a variable's default. */
  #written(argument: GraphQLArgument, value: unknown): string {
    const way = this.#choose(3)
    if (way === 0) return literal(value)
    const name = this.#name(`v${OWN_NAMES}`)
    const type = String(isNonNullType(argument.type) ? argument.type.ofType : argument.type)
    if (way === 1 || value === null) {
      this.#declared.set(name, isNonNullType(argument.type) ? `${type}!` : type)
      this.#given[name] = plain(value)
    } else {
      this.#declared.set(name, `${type} = ${literal(value)}`)
    }
    return `$${name}`
  }
}

const PAGE_SIZES = [1, 2, 3, 20, 100]
const PAGE_ARGUMENTS = ['first', 'last', 'after', 'before', 'orderBy']

function lastName(coordinate: string): string {
  return coordinate.replace(/^.*[.(]([^.(:)]+):?\)?$/, '$1')
}

function isComposite(field: GraphQLField<unknown, unknown>): boolean {
  const type = getNamedType(field.type)
  return isObjectType(type) || isInterfaceType(type)
}
