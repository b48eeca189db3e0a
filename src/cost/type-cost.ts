/** An output type as the price list sees it. */
export interface TypeCost {
  readonly name: string
  readonly kind: 'leaf' | 'object' | 'abstract'
  /** Signed. Of an abstract type the maximum over its objects. */
  readonly weight: number
  /** The object types that a value can have: itself for an object type, none for a leaf. */
  readonly objects: readonly TypeCost[]
  /** The same to look into. */
  readonly members: ReadonlySet<TypeCost>
  /** By name; of object types alone. */
  readonly fields: ReadonlyMap<string, FieldCost>
}

/** What a field of an object type costs. Fields that cost the same share one. */
export interface FieldCost {
  readonly id: number
  /** Signed. */
  readonly weight: number
  /** Those that can cost something or say a size. */
  readonly arguments: readonly InputValueCost[]
  readonly output: TypeCost
  readonly isList: boolean
  readonly listSize: ListSize | null
}

export interface ListSize {
  /** Items; null where it says none. */
  readonly assumedSize: number | null
  /** Names of arguments; those that the field does not have say nothing. */
  readonly slicingArguments: readonly string[]
  /** Names of fields of the answer that the size is meant for instead; empty: it is meant for the field itself. */
  readonly sizedFields: ReadonlySet<string>
}

/** An argument or an input field. */
export interface InputValueCost {
  readonly name: string
  /** Signed; paid once where a value is given or defaulted. */
  readonly weight: number
  /** What its value costs inside; null where nothing in there ever does. */
  readonly inside: InputObjectCost | null
  /** Coerced; undefined where there is none. */
  readonly defaultValue: unknown
  /** What it costs where it is left out: its default, or 0. */
  readonly absentCost: number
}

export interface InputObjectCost {
  readonly name: string
  readonly fields: readonly InputValueCost[]
}
