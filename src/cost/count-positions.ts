import type { Alternative, Group, Region, Scope, Structure } from './structure.ts'
import type { TypeCost } from './type-cost.ts'

export interface CountPositions {
  /** Parents before what is below them; the root, which is there once, first. */
  readonly objects: readonly ObjectPosition[]
  readonly fields: readonly FieldPosition[]
}

/** Where in the answer objects of one type stand. */
export interface ObjectPosition {
  /** Index of the objects that they are answered for; the root has none: -1. */
  readonly parent: number
  readonly weight: number
  readonly amount: Amount
  /** What is below costs its upper bound, for each object; null: it has positions of its own. */
  readonly bound: Scope | null
}

/** Where in the answer a field is called. */
export interface FieldPosition {
  /** Index of the objects that it is called on. */
  readonly parent: number
  /** Response names, joined by dots. */
  readonly path: string
  /** Slot. */
  readonly call: number
  /** What it answers: the objects from this index to before the other. */
  readonly first: number
  readonly end: number
}

/** How many objects stand at a position: what a count says, or for each parent the size in a slot, an upper bound. */
export interface Amount {
  /** Index of the count; null where nothing was counted. */
  readonly counted: number | null
  /** Slot; what is not a list has the size 1. */
  readonly size: number
  /** Indexes of the counts of some types: of those objects there are so many fewer. */
  readonly less: readonly number[]
}

/** Positions that are told apart; what lies further out costs its upper bound. */
const POSITIONS_MAX = 5000

/**
 * The positions of an operation whose statement counts these labels: a response path, and where a type is abstract, `@` and
 * the name of an object type.
 */
export function countPositions(structure: Structure, counted: readonly string[]): CountPositions {
  return new PositionWalk(counted).from(structure)
}

/** Objects whose fields are still to be walked. */
interface Open {
  readonly index: number
  readonly type: TypeCost
  readonly region: Region
  readonly label: string
  readonly path: string
}

interface Answered {
  readonly parent: number
  readonly label: string
  readonly path: string
  readonly amount: Amount
}

class PositionWalk {
  readonly #indexes: ReadonlyMap<string, number>
  /** Names of types by the label in front of them. */
  readonly #typed = new Map<string, Set<string>>()
  readonly #objects: ObjectPosition[] = []
  readonly #fields: FieldPosition[] = []
  readonly #open: Open[] = []

  constructor(counted: readonly string[]) {
    this.#indexes = new Map(counted.map((label, index) => [label, index]))
    for (const label of counted) {
      const at = label.lastIndexOf('@')
      if (at < 0) continue
      const before = label.slice(0, at)
      const names = this.#typed.get(before)
      if (names === undefined) this.#typed.set(before, new Set([label.slice(at + 1)]))
      else names.add(label.slice(at + 1))
    }
  }

  from({ root, rootWeight }: Structure): CountPositions {
    const once = { counted: null, size: 0, less: [] }
    this.#objects.push({ parent: -1, weight: rootWeight, amount: once, bound: null })
    this.#walkLater({ index: 0, type: root.type, label: '', path: '' }, root)
    // Grows while it is walked.
    for (const open of this.#open) {
      for (const group of open.region.groups) this.#field(open, group)
    }
    return { objects: this.#objects, fields: this.#fields }
  }

  #walkLater(open: Omit<Open, 'region'>, scope: Scope): void {
    const region = scope.regions.find(({ objects }) => objects.includes(open.type))
    if (region !== undefined) this.#open.push({ ...open, region })
  }

  #field(parent: Open, { responseName, fieldName, alternatives }: Group): void {
    const field = parent.type.fields.get(fieldName)
    // What is no field of the type's own is the same for all types.
    const alternative =
      field === undefined ? alternatives[0] : alternatives.find((each) => each.field === field)
    if (alternative === undefined) return
    const path = below(parent.path, responseName)
    const label = below(parent.label, responseName)
    const counted = this.#countOf(parent.label, label, alternative)
    const amount = { counted, size: alternative.size, less: [] }
    const first = this.#objects.length
    this.#answers(alternative, { parent: parent.index, label, path, amount })
    const end = this.#objects.length
    this.#fields.push({ parent: parent.index, path, call: alternative.call, first, end })
  }

  #countOf(parent: string, label: string, { isSizedByParent, field }: Alternative): number | null {
    const ofParent = isSizedByParent ? this.#indexes.get(parent) : undefined
    if (ofParent !== undefined) return ofParent
    // The label of what sizes its fields says how many items those have.
    const sizesOthers = field.listSize !== null && field.listSize.sizedFields.size > 0
    return sizesOthers ? null : (this.#indexes.get(label) ?? null)
  }

  #answers({ field, weight, child }: Alternative, at: Answered): void {
    const { output } = field
    const { parent, label: base, path } = at
    const position = { parent, weight }
    const isFar = this.#objects.length >= POSITIONS_MAX
    if (output.kind !== 'abstract' || isFar) {
      const bound = isFar ? child : null
      const index = this.#objects.push({ ...position, amount: at.amount, bound }) - 1
      if (!isFar) this.#walkLater({ index, type: output, label: base, path }, child)
      return
    }
    const names = this.#typed.get(base) ?? new Set()
    const less: number[] = []
    for (const type of names.size === 0 ? [] : output.objects) {
      const label = `${base}@${type.name}`
      const counted = this.#indexes.get(label)
      if (counted === undefined) continue
      less.push(counted)
      const amount = { ...at.amount, counted }
      const index =
        this.#objects.push({ ...position, weight: type.weight, amount, bound: null }) - 1
      this.#walkLater({ index, type, label, path }, child)
    }
    if (less.length === output.objects.length && less.length > 0) return
    this.#objects.push({ ...position, amount: { ...at.amount, less }, bound: child })
  }
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
