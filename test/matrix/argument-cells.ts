import { getNamedType, type GraphQLSchema, isInputObjectType } from 'graphql'
import { v7 } from 'uuid'
import { formatId } from '../../src/ids.ts'
import { literal } from '../support/graphql-literal.ts'
import type { Ask } from './ask.ts'
import type { Community, Person, Principal } from './community.ts'
import { ID_ARGUMENTS, RULE_OF } from './expected.ts'
import { MUTATIONS } from './inputs.ts'
import { lostBy, may } from './rules.ts'
import type { Tally } from './tally.ts'

interface ArgumentCells {
  readonly ask: Ask
  readonly community: Community
  readonly schema: GraphQLSchema
}

/** `updateApiKey.id`: members of a mutation's input that are ids. */
export function idArgumentsOf(schema: GraphQLSchema): readonly string[] {
  return Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args }) =>
    args.flatMap(({ type }) => {
      const input = getNamedType(type)
      if (!isInputObjectType(input)) return input.name === 'ID' ? [name] : []
      const members = Object.values(input.getFields())
      return members
        .filter((member) => getNamedType(member.type).name === 'ID')
        .map((member) => `${name}.${member.name}`)
    }),
  )
}

/**
 * Every mutation that takes an id, as one principal that may call it: with what is another's, with what is missing and
 * with what is no id, it comes to NotFound, or to what the row says. What staff may do to others is left to `checkChanges`.
 */
export async function checkArguments(
  { ask, community, schema }: ArgumentCells,
  principal: Principal,
  tally: Tally,
): Promise<void> {
  const { who, headers, person } = principal
  const [other] = community.strangers
  if (lostBy(who) !== null || person === null || other === undefined) return
  for (const argument of idArgumentsOf(schema)) {
    const [mutation = '', member = ''] = argument.split('.')
    const row = ID_ARGUMENTS[argument]
    const rule = RULE_OF.get(`Mutation.${mutation}`)
    if (row === undefined || rule === undefined) throw new Error(`${argument} has no row.`)
    if (!may(rule, who)) continue
    const ids = {
      'what is missing': missing(row.names),
      'what is no id': 'x',
      'what is of another type': row.names === 'bookmark' ? person.key : person.bookmark,
      ...(row.others !== null && may(row.others, who)
        ? {}
        : { 'what is another’s': idOf(row.names, other) }),
      ...(row.names === 'apiKey' && who.presents.kind === 'key'
        ? { 'another own key': person.key }
        : {}),
    }
    for (const [what, id] of Object.entries(ids)) {
      tally.cells += 1
      const given = MUTATIONS[mutation]?.(person, other).with['input']
      const input = literal({ ...(given as object), [member]: id })
      const { data, body, codes } = await ask(
        headers,
        `mutation { ${mutation}(input: ${input}) { __typename } }`,
      )
      const isRefused =
        row.answers === 'INPUT_INVALID'
          ? codes.includes('INPUT_INVALID')
          : typenameIn(data, mutation) === 'NotFound'
      if (isRefused) continue
      tally.wrong.push(`${who.name} calls ${argument} with ${what}: ${body}`)
    }
  }
}

const PREFIXES = {
  apiKey: 'key',
  session: 'ses',
  account: 'acc',
  measurementSet: 'set',
  pattern: 'pat',
  bookmark: 'bkm',
  curatedSet: 'cur',
  suggestion: 'sug',
  bulkExport: 'exp',
  intervention: 'itv',
  limitRequest: 'lim',
} as const

export type Named = keyof typeof PREFIXES

/** What the person has of this kind, and nobody else sees. */
export function idOf(names: Named, person: Person): string {
  const { key, session, profile, privateSet, privatePattern, bookmark } = person
  const { draft, suggestion, bulkExport, intervention, limitRequest } = person
  return {
    apiKey: key,
    session,
    account: profile,
    measurementSet: privateSet,
    pattern: privatePattern,
    bookmark,
    curatedSet: draft,
    suggestion,
    bulkExport,
    intervention,
    limitRequest,
  }[names]
}

/** An id of this kind that names nothing. */
export function missing(names: Named): string {
  return formatId(PREFIXES[names], v7())
}

export function typenameIn(data: unknown, field: string): unknown {
  const answered: unknown =
    typeof data === 'object' && data !== null ? Reflect.get(data, field) : null
  return typeof answered === 'object' && answered !== null
    ? Reflect.get(answered, '__typename')
    : null
}
