import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'
import { formatKey } from '../../src/auth/api-key.ts'
import { createSessionTokens } from '../../src/auth/session-token/session-tokens.ts'
import { createSigningKeys } from '../../src/auth/session-token/signing-keys.ts'
import type { Database } from '../../src/database/connect.ts'
import { formatId, uuidOf } from '../../src/ids.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { insertAccount } from '../support/account.ts'
import { type Belongings, insertBelongings, insertCurated, type CuratedIds } from './belongings.ts'
import { isOpen } from './rules.ts'
import { OWNERS, type Owner, PRINCIPALS, type SessionLife, type Who } from './principals.ts'

/** Those whom the principals ask about: a user like others, and one for each way of being closed. */
const STRANGERS: readonly Owner[] = [
  { name: 'open', role: 'user', status: 'active', consent: 'measurements' },
  { name: 'other-inactive', role: 'user', status: 'inactive', consent: 'measurements' },
  { name: 'other-restricted', role: 'user', status: 'restricted', consent: 'measurements' },
  { name: 'other-disabled', role: 'user', status: 'disabled', consent: 'measurements' },
  { name: 'other-silent', role: 'user', status: 'active', consent: 'none' },
  { name: 'other-account-only', role: 'user', status: 'active', consent: 'account' },
]

export interface Person extends Owner, Belongings {
  /** UUID. */
  readonly accountId: string
}

export interface Principal {
  readonly who: Who
  readonly headers: Readonly<Record<string, string>>
  /** null for nobody. */
  readonly person: Person | null
  /** Id of the key or session that is presented; null for nobody. */
  readonly credential: string | null
}

export interface Community {
  readonly principals: readonly Principal[]
  readonly strangers: readonly Person[]
  readonly curated: CuratedIds
  /** Those that curators decide on: of accounts that are open. */
  readonly suggestions: readonly string[]
}

export interface Place {
  readonly database: Pick<Database, 'kysely'>
  readonly vault: Vault
  /** What the gateway's sessions name as their issuer. */
  readonly publicUrl: string
}

/** Fills an empty database with everybody of the matrix, what they own, and what they present. */
export async function insertCommunity(place: Place): Promise<Community> {
  const people = new Map<Owner, Person>()
  for (const owner of [...OWNERS, ...STRANGERS]) people.set(owner, await insertPerson(place, owner))
  const principals: Principal[] = []
  for (const who of PRINCIPALS) {
    const person = who.account === null ? null : (people.get(who.account) ?? null)
    principals.push({ who, person, ...(await present(place, who, person)) })
  }
  const strangers = STRANGERS.flatMap((owner) => people.get(owner) ?? [])
  const suggestions = [...people.values()].filter(isOpen).map(({ suggestion }) => suggestion)
  return { principals, strangers, suggestions, curated: await insertCurated(place.database) }
}

/** The same, their sessions proved anew: tokens live ten minutes, and name the gateway that they are for. */
export async function proveAgain(place: Place, community: Community): Promise<Community> {
  const principals = community.principals.map(async (principal): Promise<Principal> => {
    const { who, person, credential } = principal
    if (who.presents.kind !== 'session' || person === null) return principal
    const session = {
      accountId: person.accountId,
      sessionId: uuidOf('ses', credential) ?? '',
      life: who.presents.life,
    }
    return { ...principal, headers: bearer(await tokenFor(place, session)) }
  })
  return { ...community, principals: await Promise.all(principals) }
}

/** Somebody more, with a credential of his own. */
export async function addPrincipal(place: Place, who: Who): Promise<Principal> {
  const person = who.account === null ? null : await insertPerson(place, who.account)
  return { who, person, ...(await present(place, who, person)) }
}

/** A user more. */
export function addStranger(place: Place, name: string): Promise<Person> {
  return insertPerson(place, { name, role: 'user', status: 'active', consent: 'measurements' })
}

async function insertPerson({ database, vault }: Place, owner: Owner): Promise<Person> {
  const { name: username, role, status, consent } = owner
  const accountId = await insertAccount(database, vault, { username, role, status, consent })
  return { ...owner, accountId, ...(await insertBelongings(database, vault, accountId)) }
}

type Proof = Pick<Principal, 'headers' | 'credential'>

async function present(place: Place, who: Who, person: Person | null): Promise<Proof> {
  const { presents } = who
  if (presents.kind === 'nothing' || person === null) return { headers: {}, credential: null }
  const { token, credential } =
    presents.kind === 'key'
      ? await presentKey(place, person, presents)
      : await presentSession(place, person, presents)
  return { headers: bearer(token), credential }
}

const DAY_MS = 86_400_000

async function presentKey(
  { database, vault }: Place,
  { accountId, oldKeyUuid }: Person,
  { level, life }: Extract<Who['presents'], { kind: 'key' }>,
) {
  const id = v7()
  const token = formatKey(randomBytes)
  const now = new Date()
  const isOver = life === 'expired' || life === 'rotated out'
  const isReplaced = life === 'rotating' || life === 'rotated out'
  await database.kysely
    .insertInto('api_key')
    .values({
      id,
      account_id: accountId,
      ...sealRow(vault, 'api_key', { row: id, owner: accountId }, { name: `${life} ${level}` }),
      level,
      digest: vault.pepper.digest(token),
      pepper_id: vault.pepper.id,
      expires_at: new Date(now.getTime() + (isOver ? -1000 : DAY_MS)),
      replaced_by_id: isReplaced ? oldKeyUuid : null,
      revoked_at: life === 'revoked' ? now : null,
      revocation_reason: life === 'revoked' ? 'owner' : null,
      created_at: new Date(now.getTime() - DAY_MS),
      updated_at: now,
    })
    .execute()
  return { token, credential: formatId('key', id) }
}

async function presentSession(
  place: Place,
  { accountId }: Person,
  { life }: Extract<Who['presents'], { kind: 'session' }>,
) {
  const { database, vault } = place
  const id = v7()
  const now = new Date()
  await database.kysely
    .insertInto('session')
    .values({
      id,
      account_id: accountId,
      ...sealRow(vault, 'session', { row: id, owner: accountId }, { device: life }),
      method: 'password',
      expires_at: new Date(now.getTime() + (life === 'run out' ? -1000 : DAY_MS)),
      ended_at: life === 'signed out' ? now : null,
      end_reason: life === 'signed out' ? 'signed_out' : null,
      last_used_at: now,
      created_at: now,
    })
    .execute()
  const token = await tokenFor(place, { accountId, sessionId: id, life })
  return { token, credential: formatId('ses', id) }
}

async function tokenFor(
  { vault, publicUrl }: Place,
  {
    life,
    ...session
  }: { readonly accountId: string; readonly sessionId: string; readonly life: SessionLife },
): Promise<string> {
  // A token of eleven minutes ago has been out of date for one.
  const issuedAt = new Date(Date.now() - (life === 'expired' ? 660_000 : 0))
  const keys = createSigningKeys(vault)
  const tokens = createSessionTokens({ keys, issuer: publicUrl, clock: () => issuedAt })
  return (await tokens.issue(session)).token
}

function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` }
}
