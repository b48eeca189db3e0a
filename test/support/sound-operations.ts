import type fc from 'fast-check'

import { formatId } from '../../src/ids.ts'
import { schema } from '../../src/schema/schema.ts'
import { idOf } from './data-shapes.ts'
import {
  OWN_NAMES,
  type RandomOperation,
  randomOperation,
  type RandomOperationOptions,
} from './random-operation.ts'
import { EnumName } from './graphql-literal.ts'
import type { Cursors } from './read-cursors.ts'

const SET = formatId('set', idOf('measurement_set', 0, 1))
const PATTERN = formatId('pat', idOf('pattern', 0, 1, 1))
const CURATED = formatId('cur', idOf('curated_set', 1))
const IDS = [
  SET,
  PATTERN,
  CURATED,
  formatId('acc', idOf('account', 1)),
  formatId('key', idOf('api_key', 1)),
  formatId('bkm', idOf('bookmark', 1)),
]
const MISSING = formatId('set', idOf('bookmark', 1))

const LIMITS = { depth: 6, fields: 40 } as const

/** Operations of every kind: their pages have gaps, their filters let little through, their ids name nothing. */
export function anyOperation(cursors: Cursors): fc.Arbitrary<RandomOperation> {
  return randomOperation(schema, {
    ...LIMITS,
    values: {
      id: [...IDS, MISSING, OWN_NAMES],
      ids: [[], IDS, [...IDS, ...IDS, MISSING], Array.from({ length: 20 }, () => SET)],
      username: ['person-0', 'PERSON-1', OWN_NAMES],
      usernameStartsWith: ['', 'person-1', OWN_NAMES],
      nameEquals: ['set 1', 'Pattern 2', OWN_NAMES],
      design: ['aaron', OWN_NAMES],
      code: ['aaron', OWN_NAMES],
      fitting: [SET, CURATED, MISSING, OWN_NAMES],
      tags: [[], ['tag-1'], [OWN_NAMES]],
      'Query.interventions(account:)': [...IDS, MISSING],
      from: ['2026-01-01T00:00:00Z'],
      to: ['2036-01-01T00:00:00Z'],
      'Query.ledger(to:)': ['2026-02-01T00:00:00Z'],
      updatedSince: ['2026-01-01T12:00:00Z', '2036-01-01T00:00:00+01:00'],
    },
    cursors: (connection, order) => cursors[`${connection} ${order}`] ?? [],
  })
}

/**
 * Operations that find everything they ask for where lists are full, and of which each scope has one type of object. Of
 * suggestions only those of an account: what curators list by default, the open ones, leads to no curated set.
 */
export const SATURATED_OPERATIONS = randomOperation(schema, {
  ...LIMITS,
  values: {
    'Query.measurementSet(id:)': [SET],
    'Query.pattern(id:)': [PATTERN],
    'Query.curatedSet(id:)': [CURATED],
    // Filtered out below.
    id: IDS,
    ids: [IDS],
    username: ['person-0', 'person-1'],
    usernameStartsWith: [''],
    filter: [{}],
    code: ['aaron'],
    fitting: [SET, CURATED],
    'Query.interventions(account:)': [IDS[0] ?? ''],
    tags: [[]],
    from: ['2026-01-01T00:00:00Z'],
    to: ['2036-01-01T00:00:00Z'],
    'Query.ledger(to:)': ['2026-02-01T00:00:00Z'],
    publication: [[new EnumName('PUBLISHED')]],
  },
  cursors: () => [],
  pageSizes: [1, 2, 3, 5, 20],
} satisfies RandomOperationOptions).filter(
  ({ text }) =>
    !/\b(nodes?\(ids?:|curatedSetSuggestions|usage|ledger|oversight|interventions|limitRequests)/.test(
      text,
    ),
)
