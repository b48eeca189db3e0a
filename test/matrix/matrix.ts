import type { GraphQLSchema } from 'graphql'
import { checkArguments, idArgumentsOf } from './argument-cells.ts'
import { asking } from './ask.ts'
import { checkChanges } from './change-cells.ts'
import type { Community, Place } from './community.ts'
import { type Asked, askedFor, selectionsOf } from './documents.ts'
import { ID_ARGUMENTS, RULE_OF } from './expected.ts'
import { checkFields } from './field-cells.ts'
import { checkRows } from './row-cells.ts'
import { emptyTally, type Tally } from './tally.ts'

/** What is asserted: who may ask for fields, who sees rows, whose ids are good for something, what changes. */
export type Part = 'fields' | 'rows' | 'arguments' | 'changes'

export interface Matrix {
  readonly schema: GraphQLSchema
  /** Where the gateway listens. */
  readonly origin: string
  readonly community: Community
}

/** Less than all of it: what is enough to find a certain defect. */
export interface Narrowed {
  readonly part: Part
  /** Documents that hold none of these fields are left out. */
  readonly about: (coordinate: string) => boolean
}

/** Asserts every cell that changes nothing against a running gateway. */
export async function checkMatrix({ schema, origin, community }: Matrix): Promise<Tally> {
  const tally = emptyTally()
  const { ask, close } = asking(origin)
  const selections = selectionsOf(schema)
  try {
    for (const principal of community.principals) {
      await checkFields({ ask, community, selections }, principal, tally)
      await checkRows({ ask, community }, principal, tally)
      await checkArguments({ ask, community, schema }, principal, tally)
    }
    return tally
  } finally {
    close()
  }
}

/** Looks for one cell that comes out wrong, and stops at the first. */
export async function findWrongCell(
  matrix: Matrix,
  place: Place,
  { part, about }: Narrowed,
): Promise<string | null> {
  if (part === 'changes') return (await checkMutations(matrix, place)).wrong[0] ?? null
  const { schema, origin, community } = matrix
  const tally = emptyTally()
  const { ask, close } = asking(origin)
  const { queries, nodes, mutations } = selectionsOf(schema)
  const concerned = (all: readonly Asked[]) =>
    all.filter((one) => askedFor([one]).some(({ coordinate }) => about(coordinate)))
  const selections = {
    queries: concerned(queries),
    nodes: concerned(nodes),
    mutations: concerned(mutations),
  }
  try {
    for (const principal of community.principals) {
      if (part === 'fields') await checkFields({ ask, community, selections }, principal, tally)
      if (part === 'rows') await checkRows({ ask, community }, principal, tally)
      if (part === 'arguments') await checkArguments({ ask, community, schema }, principal, tally)
      const [wrong] = tally.wrong
      if (wrong !== undefined) return wrong
    }
    return null
  } finally {
    close()
  }
}

/** Asserts the cells that change something: after all others. */
export async function checkMutations(
  { schema, origin, community }: Matrix,
  place: Place,
): Promise<Tally> {
  const tally = emptyTally()
  const { ask, close } = asking(origin)
  try {
    await checkChanges({ ask, place, community, schema }, tally)
    return tally
  } finally {
    close()
  }
}

/** Fields that the table lacks, and rows of the table that name no field that can be asked for. */
export function tableBreaches(schema: GraphQLSchema): readonly string[] {
  const { queries, nodes, mutations } = selectionsOf(schema)
  const asked = new Set(
    askedFor([...queries, ...nodes, ...mutations]).map(({ coordinate }) => coordinate),
  )
  const unlisted = [...asked].filter((coordinate) => !RULE_OF.has(coordinate))
  const unknown = [...RULE_OF.keys()].filter((coordinate) => !asked.has(coordinate))
  const ids = new Set(idArgumentsOf(schema))
  const idRows = new Set(Object.keys(ID_ARGUMENTS))
  return [
    ...[...ids].filter((id) => !idRows.has(id)).map((id) => `${id} has no row.`),
    ...[...idRows].filter((id) => !ids.has(id)).map((id) => `${id} is no id that can be given.`),
    ...unlisted.map((coordinate) => `${coordinate} has no row.`),
    ...unknown.map((coordinate) => `${coordinate} is no field that can be asked for.`),
  ]
}
