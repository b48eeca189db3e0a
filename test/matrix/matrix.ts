import type { GraphQLSchema } from 'graphql'
import { checkArguments, idArgumentsOf } from './argument-cells.ts'
import { asking } from './ask.ts'
import { checkChanges } from './change-cells.ts'
import type { Community, Place } from './community.ts'
import { askedFor, selectionsOf } from './documents.ts'
import { ID_ARGUMENTS, RULE_OF } from './expected.ts'
import { checkFields } from './field-cells.ts'
import { checkRows } from './row-cells.ts'
import { emptyTally, type Tally } from './tally.ts'

export interface Matrix {
  readonly schema: GraphQLSchema
  /** Where the gateway listens. */
  readonly origin: string
  readonly community: Community
  /** Whether the first cell that comes out wrong is enough. */
  readonly until: 'the end' | 'the first wrong cell'
}

/** Asserts every cell that changes nothing against a running gateway. */
export async function checkMatrix({ schema, origin, community, until }: Matrix): Promise<Tally> {
  const tally = emptyTally()
  const { ask, close } = asking(origin)
  const selections = selectionsOf(schema)
  try {
    for (const principal of community.principals) {
      await checkFields({ ask, community, selections }, principal, tally)
      await checkRows({ ask, community }, principal, tally)
      await checkArguments({ ask, community, schema }, principal, tally)
      if (until === 'the first wrong cell' && tally.wrong.length > 0) break
    }
    return tally
  } finally {
    close()
  }
}

/** Asserts the cells that change something: after all others. */
export async function checkMutations(
  { schema, origin, community }: Omit<Matrix, 'until'>,
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
