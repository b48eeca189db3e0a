import { formatId } from '../../src/ids.ts'
import type { Community, Person } from './community.ts'
import type { RuleName } from './rules.ts'

/** A list of what is one's own: whoever may ask for it finds these there, and nobody else's. */
export interface OwnList {
  readonly rule: RuleName
  /** Ways to ask for the ids of its items. */
  readonly documents: readonly string[]
  readonly ids: (person: Person, community: Community) => readonly string[]
}

export const OWN_LISTS: readonly OwnList[] = [
  {
    rule: 'level 1 with measurements',
    documents: bothWays('measurementSets'),
    ids: ({ privateSet, publicSet }) => [privateSet, publicSet],
  },
  {
    rule: 'level 1 with measurements',
    documents: bothWays('patterns'),
    ids: ({ privatePattern, publicPattern }) => [privatePattern, publicPattern],
  },
  {
    rule: 'level 1 with measurements',
    documents: ['{ bulkExports(first: 100) { nodes { id } } }'],
    ids: ({ bulkExport }) => [bulkExport],
  },
  {
    rule: 'level 1 with measurements',
    documents: ['{ me { suggestions(first: 100) { nodes { id } } } }'],
    ids: ({ suggestion }) => [suggestion],
  },
  { rule: 'level 1', documents: bothWays('bookmarks'), ids: ({ bookmark }) => [bookmark] },
  { rule: 'level 2', documents: bothWays('accessLog'), ids: ({ audit }) => [audit] },
  {
    rule: 'level 2',
    documents: ['{ me { interventions(first: 100) { nodes { id } } } }'],
    ids: ({ intervention }) => [intervention],
  },
  {
    rule: 'level 2',
    documents: ['{ me { limitRequests(first: 100) { nodes { id } } } }'],
    ids: ({ limitRequest }) => [limitRequest],
  },
  {
    rule: 'level 2',
    documents: bothWays('apiKeys'),
    ids: (person, community) => [
      person.key,
      formatId('key', person.oldKeyUuid),
      ...presentedBy(person, community, 'key').map(({ id }) => id),
    ],
  },
  {
    rule: 'a person in any state',
    documents: ['{ sessions(first: 100) { nodes { id } } }'],
    ids: (person, community) => [
      person.session,
      // One whose token is too old is open nevertheless.
      ...presentedBy(person, community, 'session').flatMap(({ id, life }) =>
        life === 'fresh' || life === 'expired' ? [id] : [],
      ),
    ],
  },
]

function bothWays(field: string): readonly string[] {
  const list = `${field}(first: 100) { nodes { id } }`
  return [`{ ${list} }`, `{ me { ${list} } }`]
}

function presentedBy(
  person: Person,
  { principals }: Community,
  kind: 'key' | 'session',
): readonly { readonly id: string; readonly life: string }[] {
  return principals.flatMap(({ who: { presents }, person: owner, credential: id }) =>
    presents.kind === kind && owner === person && id !== null ? [{ id, life: presents.life }] : [],
  )
}
