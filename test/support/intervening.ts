import { formatId } from '../../src/ids.ts'
import { place } from '../../src/vault/sealed-rows.ts'
import { testGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts'
import { signedIn } from './signed-in.ts'

const INTERVENE = `mutation ($input: InterveneInput!) { intervene(input: $input) {
  ... on IntervenePayload { intervention { id step key reason pacePercent isInForce until policy account { username } decidedBy { username } } }
  ... on Problem { code }
} }`
const LIFT = `mutation ($input: LiftInterventionInput!) { liftIntervention(input: $input) {
  ... on LiftInterventionPayload { intervention { id isInForce endedAt endNote } } ... on Problem { code }
} }`

/** Ada with a key and a session, and an administrator in a session. */
export async function intervening(options: TestGatewayOptions = {}) {
  const gateway = await testGateway(options)
  const accountId = await gateway.account({ username: 'ada' })
  const key = await gateway.issueKey({ accountId, level: 4 })
  const { token } = await signedIn(gateway, accountId)
  const adminId = await gateway.account({ username: 'root', role: 'admin' })
  const admin = await signedIn(gateway, adminId)
  const account = formatId('acc', accountId)
  return {
    gateway,
    accountId,
    account,
    /** Ada's, as texts. */
    key,
    token,
    keyId: formatId('key', await onlyKeyOf(gateway, accountId)),
    admin: admin.token,
    adminId,
    intervene: (input: object, by = admin.token) =>
      gateway.post(INTERVENE, by, { input: { account, reason: 'Too much at once.', ...input } }),
    lift: (id: string, by = admin.token) =>
      gateway.post(LIFT, by, { input: { id, reason: 'It was a mistake.' } }),
  }
}

/** The id of what `intervene` has come to. */
export function interventionOf({ data }: { readonly data: unknown }): string {
  const { intervene } = data as { intervene: { intervention: { id: string } } } // as the document asks
  return intervene.intervention.id
}

async function onlyKeyOf({ database }: TestGateway, accountId: string): Promise<string> {
  const { id } = await database.kysely
    .selectFrom('api_key')
    .select('id')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return id
}

/** The texts of all mails to an account, earliest first. */
export async function mailsTo(
  { database, vault }: TestGateway,
  accountId: string,
): Promise<readonly string[]> {
  const mails = await database.kysely
    .selectFrom('mail')
    .select(['id', 'label'])
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute()
  return mails.map(({ id, label }) => {
    const where = place('mail', 'label', { row: id, owner: accountId })
    return String(JSON.parse(vault.open(label, where)).text)
  })
}

/** Actions and reasons of the trail of an account, earliest first. */
export async function trailOf({ database }: TestGateway, accountId: string) {
  const entries = await database.kysely
    .selectFrom('audit')
    .select(['action', 'actor_kind', 'reason'])
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute()
  return entries.map(({ action, actor_kind: kind, reason }) => [action, kind, reason])
}
