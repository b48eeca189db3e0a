import type { GraphQLSchema } from 'graphql'
import type { Ask } from './ask.ts'
import { idOf, typenameIn } from './argument-cells.ts'
import {
  addStranger,
  addPrincipal,
  type Community,
  type Place,
  type Principal,
} from './community.ts'
import { askedFor, cellOf, metIn, printSelections, selectionsOf } from './documents.ts'
import { ID_ARGUMENTS, RULE_OF } from './expected.ts'
import { argumentsFor, MUTATIONS } from './inputs.ts'
import type { Owner, Presented } from './principals.ts'
import { may, RULES } from './rules.ts'
import { compare, type Tally } from './tally.ts'
import { literal } from '../support/graphql-literal.ts'

interface ChangeCells {
  readonly ask: Ask
  readonly place: Place
  readonly community: Community
  readonly schema: GraphQLSchema
}

const IN_PERSON: Presented = { kind: 'session', life: 'fresh' }

/** What is open is done as well: every mutation by somebody new, what staff may do to others, and what a key may do to itself. */
export async function checkChanges(matrix: ChangeCells, tally: Tally): Promise<void> {
  for (const { name } of selectionsOf(matrix.schema).mutations) await checkRun(matrix, name, tally)
  await checkStaff(matrix, tally)
  await checkOwnEnd(matrix, tally)
}

/** The mutation runs for an administrator in person, and comes to what it should, every field of that included. */
async function checkRun(
  { ask, place, community, schema }: ChangeCells,
  name: string,
  tally: Tally,
) {
  const principal = await newcomer(place, IN_PERSON, { name: `runs-${name}`, role: 'admin' })
  const { person } = principal
  const [mutation] = selectionsOf(schema).mutations.filter((one) => one.name === name)
  const row = MUTATIONS[name]
  if (mutation === undefined || row === undefined || person === null) {
    throw new Error(`${name} has no input.`)
  }
  const stranger = await addStranger(place, `suffers-${name}`)
  const among: Community = { ...community, strangers: [stranger] }
  const { answers } = row(person, stranger)
  const text = printSelections([mutation], argumentsFor(among, principal, [mutation]))
  const { data, body } = await ask(principal.headers, `mutation ${text}`)
  if (typenameIn(data, name) !== answers) {
    tally.wrong.push(`${name} comes to something else than ${answers}: ${body}`)
    return
  }
  const expected = mutation.below.flatMap((part) =>
    part.kind === 'on' && part.holdsFor.includes(answers) ? askedFor([part]).map(cellOf) : [],
  )
  tally.cells += expected.length
  const found = metIn(mutation.below, Reflect.get(Object(data), name))
  compare(tally, `${name} is answered`, { expected, found })
}

/** Each argument that names what is another's, from the lowest level that may; with no wider consent than the rule asks for. */
async function checkStaff({ ask, place }: ChangeCells, tally: Tally) {
  for (const [argument, { names, others }] of Object.entries(ID_ARGUMENTS)) {
    if (others === null) continue
    const [mutation = '', member = ''] = argument.split('.')
    const lowest = RULES[others].from
    const presents: Presented =
      'person' in RULES[others] ? IN_PERSON : { kind: 'key', level: Number(lowest), life: 'active' }
    const role = 'roles' in RULES[others] || presents.kind === 'key' ? 'admin' : 'support'
    const name = `staff-${argument.replace('.', '-')}`
    const needed = [others, RULE_OF.get(`Mutation.${mutation}`)].some(
      (rule) => rule !== undefined && 'measurements' in RULES[rule],
    )
    const consent = needed ? 'measurements' : 'account'
    const principal = await newcomer(place, presents, { name, role, consent })
    const other = await addStranger(place, `other-${argument.replace('.', '-')}`)
    const { person } = principal
    if (person === null || !may(others, principal.who)) throw new Error(`${argument} is not open.`)
    const asked = MUTATIONS[mutation]?.(person, other)
    const input = literal({ ...Object(asked?.with['input']), [member]: idOf(names, other) })
    const document = `mutation { ${mutation}(input: ${input}) { __typename } }`
    const { data, body } = await ask(principal.headers, document)
    tally.cells += 1
    if (typenameIn(data, mutation) === asked?.answers) continue
    tally.wrong.push(`${others} calls ${argument} with another’s: ${body}`)
  }
}

/** A key of any level ends itself, and opens nothing from then on. */
async function checkOwnEnd({ ask, place }: ChangeCells, tally: Tally) {
  const presents: Presented = { kind: 'key', level: 0, life: 'active' }
  const { headers, credential } = await newcomer(place, presents, {
    name: 'ends-itself',
    role: 'user',
  })
  const document = `mutation { revokeApiKey(input: { id: "${credential}" }) { __typename } }`
  const { data, body } = await ask(headers, document)
  if (typenameIn(data, 'revokeApiKey') !== 'RevokeApiKeyPayload') {
    tally.wrong.push(`A key does not revoke itself: ${body}`)
  }
  const { codes } = await ask(headers, '{ version }')
  compare(tally, 'a key that has revoked itself', { expected: ['KEY_REVOKED'], found: codes })
  tally.cells += 2
}

function newcomer(
  place: Place,
  presents: Presented,
  owner: Pick<Owner, 'name' | 'role'> & Partial<Owner>,
): Promise<Principal> {
  const account: Owner = { status: 'active', consent: 'measurements', ...owner }
  return addPrincipal(place, { name: owner.name, presents, account })
}
