import type { Database } from '../../src/database/connect.ts'
import { measuredBits } from '../../src/measurements/definitions.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import { normalizeLabel, type Vault } from '../../src/vault/vault.ts'

/**
 * A small community with fixed ids and times: ada (role curator, private and public sets, one based on another), ben (a
 * user), cleo (restricted, so that even her public set is closed).
 */
export const PEOPLE = {
  ada: '019a0000-0000-7000-8000-0000000000a1',
  ben: '019a0000-0000-7000-8000-0000000000b1',
  cleo: '019a0000-0000-7000-8000-0000000000c1',
} as const

export const SETS = {
  adaBase: '019a0000-0000-7000-8000-000000000001',
  adaHeels: '019a0000-0000-7000-8000-000000000002',
  adaPublic: '019a0000-0000-7000-8000-000000000003',
  benPrivate: '019a0000-0000-7000-8000-000000000004',
  cleoPublic: '019a0000-0000-7000-8000-000000000005',
} as const

export const PATTERNS = {
  adaAaron: '019a0000-0000-7000-8000-000000000011',
  adaBrian: '019a0000-0000-7000-8000-000000000012',
} as const

export const CURATED = {
  doll: '019a0000-0000-7000-8000-000000000021',
  adult: '019a0000-0000-7000-8000-000000000022',
  draft: '019a0000-0000-7000-8000-000000000023',
} as const

export const KEY = '019a0000-0000-7000-8000-000000000031'
export const BOOKMARK = '019a0000-0000-7000-8000-000000000041'

/** Fills an empty database with the community. */
export async function insertPeople(
  { kysely }: Pick<Database, 'kysely'>,
  vault: Vault,
): Promise<void> {
  await kysely
    .insertInto('account')
    .values([
      account(vault, 'ada', { role: 'curator', bio: 'I "sew" — a\nlot' }),
      account(vault, 'ben', {}),
      account(vault, 'cleo', { status: 'restricted' }),
    ])
    .execute()
  await kysely
    .insertInto('measurement_set')
    .values([
      set(vault, 'ada', SETS.adaBase, {
        name: 'Ada',
        notes: 'Barefoot \u2028 "quoted"',
        measurements: { chest: 914.4, waist: 700, shoulderSlope: 13 },
        minute: 1,
      }),
      set(vault, 'ada', SETS.adaHeels, {
        name: 'Ada in heels',
        measurements: { waistToFloor: 1100, waist: 690 },
        minute: 2,
        base: SETS.adaBase,
      }),
      set(vault, 'ada', SETS.adaPublic, {
        name: 'Doll',
        measurements: { chest: 91.4 },
        minute: 3,
        public: true,
      }),
      set(vault, 'ben', SETS.benPrivate, { name: 'Ben', measurements: { chest: 1010 }, minute: 4 }),
      set(vault, 'cleo', SETS.cleoPublic, {
        name: 'Cleo',
        measurements: { chest: 880 },
        minute: 5,
        public: true,
      }),
    ])
    .execute()
  await kysely
    .insertInto('pattern')
    .values([
      pattern(vault, PATTERNS.adaAaron, {
        design: 'aaron',
        name: 'Summer',
        set: SETS.adaPublic,
        public: true,
        minute: 1,
      }),
      pattern(vault, PATTERNS.adaBrian, {
        design: 'brian',
        name: 'Block',
        set: SETS.adaBase,
        public: false,
        minute: 2,
      }),
    ])
    .execute()
  await kysely
    .insertInto('curated_set')
    .values([
      curated(CURATED.doll, { en: 'Doll', nl: 'Pop' }, ['doll'], 'published', 1),
      curated(CURATED.adult, { en: 'Adult' }, ['adults', 'eu'], 'published', 2),
      curated(CURATED.draft, { en: 'Draft' }, ['adults'], 'draft', 3),
    ])
    .execute()
  await kysely
    .insertInto('api_key')
    .values({
      id: KEY,
      account_id: PEOPLE.ada,
      ...sealRow(vault, 'api_key', { row: KEY, owner: PEOPLE.ada }, { name: 'Laptop' }),
      level: 2,
      digest: Buffer.alloc(32, 1),
      pepper_id: 'p1',
      expires_at: at(1),
      revoked_at: at(2),
      revocation_reason: 'owner',
      created_at: at(0),
      updated_at: at(2),
    })
    .execute()
  await kysely
    .insertInto('bookmark')
    .values({
      id: BOOKMARK,
      account_id: PEOPLE.ada,
      type: 'design',
      title: 'Aaron',
      url: 'https://example.org/aaron',
      created_at: at(0),
      updated_at: at(0),
    })
    .execute()
}

type Person = keyof typeof PEOPLE

function at(minute: number): Date {
  return new Date(Date.UTC(2026, 0, 1, 12, minute))
}

function account(
  vault: Vault,
  name: Person,
  over: { role?: 'curator'; status?: 'restricted'; bio?: string },
) {
  const id = PEOPLE[name]
  const { bio = null, ...columns } = over
  return {
    id,
    username: name,
    username_key: normalizeLabel(name),
    ...sealRow(
      vault,
      'account',
      { row: id, owner: id },
      { email: `${name}@example.org`, bio, image: null },
    ),
    status: 'active' as const,
    consent: 'measurements' as const,
    created_at: at(0),
    updated_at: at(0),
    ...columns,
  }
}

function set(
  vault: Vault,
  owner: Person,
  id: string,
  {
    name,
    notes = null,
    measurements,
    minute,
    base = null,
    public: open = false,
  }: {
    name: string
    notes?: string | null
    measurements: Record<string, number>
    minute: number
    base?: string | null
    public?: boolean
  },
) {
  const ids = { row: id, owner: PEOPLE[owner] }
  return {
    id,
    account_id: PEOPLE[owner],
    base_set_id: base,
    ...sealRow(vault, 'measurement_set', ids, { name, notes, image: null, measurements }),
    measured: measuredBits(measurements),
    public: open,
    created_at: at(minute),
    // The latest made changed first: the two orders differ.
    updated_at: at(60 - minute),
  }
}

function pattern(
  vault: Vault,
  id: string,
  {
    design,
    name,
    set: setId,
    public: open,
    minute,
  }: { design: string; name: string; set: string; public: boolean; minute: number },
) {
  const ids = { row: id, owner: PEOPLE.ada }
  return {
    id,
    account_id: PEOPLE.ada,
    measurement_set_id: setId,
    design,
    ...sealRow(vault, 'pattern', ids, {
      name,
      notes: null,
      image: null,
      settings: { sa: 10, measurements: { chest: 914.4 } },
      data: null,
    }),
    public: open,
    created_at: at(minute),
    updated_at: at(minute),
  }
}

function curated(
  id: string,
  names: Record<string, string>,
  tags: string[],
  publication: 'published' | 'draft',
  minute: number,
) {
  return {
    id,
    names: JSON.stringify(names),
    tags,
    publication,
    height_mm: 1680,
    measurements: JSON.stringify({ chest: 880, shoulderSlope: 13 }),
    measured: measuredBits({ chest: 880, shoulderSlope: 13 }),
    created_at: at(minute),
    updated_at: at(minute),
  }
}
