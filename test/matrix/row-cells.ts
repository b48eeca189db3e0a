import type { Ask } from './ask.ts'
import type { Community, Principal } from './community.ts'
import { OWN_LISTS } from './own-lists.ts'
import { type Row, rowsOf } from './rows.ts'
import { lostBy, may } from './rules.ts'
import { compare, type Tally } from './tally.ts'

interface RowCells {
  readonly ask: Ask
  readonly community: Community
}

const NODES_AT_ONCE = 20
/** Aliases of one document. */
const FIELDS_AT_ONCE = 15

const UNPUBLISHED = '{ curatedSets(first: 100, publication: [DRAFT, RETIRED]) { nodes { id } } }'
const SUGGESTIONS = '{ curatedSetSuggestions(first: 100) { nodes { id } } }'

/** Every row as one principal: by each way that leads to one, it is there or it is not, as expected. */
export async function checkRows(
  { ask, community }: RowCells,
  principal: Principal,
  tally: Tally,
): Promise<void> {
  const { who, headers, person } = principal
  if (lostBy(who) !== null) return
  const rows = rowsOf(community, person)
  const answered = async (document: string, variables: object = {}) => {
    const { status, data, body } = await ask(headers, document, variables)
    if (status !== 200) tally.wrong.push(`${who.name}: ${status} ${body} to ${document}`)
    return data
  }
  const seen = (some: readonly Row[]) =>
    some.filter((row) => row.isSeenBy(who)).map(({ name }) => name)
  const expect = (way: string, some: readonly Row[], found: ReadonlySet<unknown>) => {
    tally.cells += some.length
    const there = some.filter(({ id }) => found.has(id)).map(({ name }) => name)
    compare(tally, `${who.name} sees by ${way}`, { expected: seen(some), found: there })
  }
  for (const some of chunks(rows, NODES_AT_ONCE)) {
    const document =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id: __typename ... on Node { key: id } } }'
    const ids = some.map(({ id }) => id)
    expect('nodes', some, textsIn(await answered(document, { ids })))
  }
  for (const some of chunks(rows, FIELDS_AT_ONCE)) {
    const fields = some.map(({ id }, at) => `r${at}: node(id: "${id}") { id }`)
    expect('node', some, textsIn(await answered(`{ ${fields.join(' ')} }`)))
  }
  const named = rows.filter(({ kind }) => kind !== 'apiKey' && kind !== 'bookmark')
  for (const some of chunks(named, FIELDS_AT_ONCE)) {
    const fields = some.map((row, at) => `r${at}: ${fieldOf(row)} { id }`)
    expect('its field', some, textsIn(await answered(`{ ${fields.join(' ')} }`)))
  }
  if (may('staff of level 5', who)) {
    const profiles = rows.filter(({ kind }) => kind === 'profile')
    const found = textsIn(await answered('{ accounts(first: 100) { nodes { id } } }'))
    expect('accounts', profiles, found)
  }
  const curated = rows.filter(({ kind }) => kind === 'curatedSet')
  const isPublished = ({ id }: Row) => id === community.curated.published
  const openly = textsIn(await answered('{ curatedSets(first: 100) { nodes { id } } }'))
  compare(tally, `${who.name} sees by curatedSets`, {
    expected: curated.filter(isPublished).map(({ name }) => name),
    found: curated.filter(({ id }) => openly.has(id)).map(({ name }) => name),
  })
  const others = curated.filter((row) => !isPublished(row))
  expect('curatedSets of others', others, textsIn(await answered(UNPUBLISHED)))
  if (may('a curator of level 3', who)) {
    tally.cells += 1
    compare(tally, `${who.name} lists by ${SUGGESTIONS}`, {
      expected: community.suggestions,
      found: textsIn(await answered(SUGGESTIONS)),
    })
  }
  const listed = rows.filter(({ kind }) => kind === 'measurementSet' || kind === 'pattern')
  const owners = [...new Set(listed.flatMap(({ owner }) => owner ?? []))]
  const profiles = owners.map(
    ({ name }, at) =>
      `p${at}: account(username: "${name}") { measurementSets { nodes { key: id } } patterns { nodes { key: id } } }`,
  )
  for (const some of chunks(profiles, 4)) {
    const shown = listed.filter(({ owner }) =>
      some.some((field) => owner !== null && field.includes(`"${owner.name}"`)),
    )
    const isProfileSeen = (row: Row) =>
      rows.some(
        ({ kind, owner, isSeenBy }) => kind === 'profile' && owner === row.owner && isSeenBy(who),
      )
    const found = textsIn(await answered(`{ ${some.join(' ')} }`))
    expect('its owner', shown.filter(isProfileSeen), found)
    expect(
      'a closed owner',
      shown.filter((row) => !isProfileSeen(row)),
      found,
    )
  }
  await checkOwnLists({ who, person, community, tally, answered })
}

interface OwnLists extends Pick<Principal, 'who' | 'person'> {
  readonly community: Community
  readonly tally: Tally
  readonly answered: (document: string) => Promise<unknown>
}

async function checkOwnLists({ who, person, community, tally, answered }: OwnLists) {
  if (person === null) return
  for (const { rule, documents, ids } of OWN_LISTS) {
    if (!may(rule, who)) continue
    const expected = ids(person, community)
    for (const document of documents) {
      tally.cells += expected.length
      const found = textsIn(await answered(document))
      compare(tally, `${who.name} lists by ${document}`, { expected, found })
    }
  }
}

function fieldOf({ kind, id, owner }: Row): string {
  return kind === 'profile' ? `account(username: "${owner?.name}")` : `${kind}(id: "${id}")`
}

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_none, at) =>
    items.slice(at * size, (at + 1) * size),
  )
}

/** Every text anywhere in the value. */
function textsIn(value: unknown): ReadonlySet<string> {
  const texts = new Set<string>()
  const add = (part: unknown): void => {
    if (typeof part === 'string') texts.add(part)
    else if (typeof part === 'object' && part !== null) Object.values(part).forEach(add)
  }
  add(value)
  return texts
}
