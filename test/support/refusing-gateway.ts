import type { HttpRequest } from './http-request.ts'
import { policiesWith } from './policies.ts'
import type { Asking, RefusedRequest } from './refused-requests.ts'
import { stoppedCommunity, type StoppedCommunity } from './stopped-community.ts'

export interface RefusingGateway extends StoppedCommunity {
  /** The requests with the credentials that they carry here: over POST and over GET, where both can say it. */
  readonly requestsOf: (refused: RefusedRequest) => readonly HttpRequest[]
}

/** A gateway where everybody has run something already, and some are at their limits now. */
export async function refusingGateway(door: 'front' | 'yoga'): Promise<RefusingGateway> {
  const gateway = await stoppedCommunity({
    door,
    policies: policiesWith({ attempts: { capacity: 1000, restorePerSecond: 1 } }),
  })
  const keyOf = (accountId: string) => gateway.issueKey({ accountId })
  const hurried = await gateway.account()
  const spent = await gateway.account()
  const busy = await gateway.account()
  const tired = await gateway.account()
  const keys: Keys = {
    nobody: undefined,
    'a guess': 'maat_sk_guess',
    ada: await gateway.keyOf('ada'),
    'ada at level 0': await gateway.keyOf('ada', 0),
    'an expired key': await gateway.issueKey({ expiresAt: '2100-02-01' }),
    'a revoked key': await revokedKey(gateway),
    'somebody blocked': await keyOf(await gateway.account({ status: 'disabled' })),
    'somebody without consent': await keyOf(await gateway.account({ consent: 'account' })),
    'somebody in a hurry': await keyOf(hurried),
    'somebody who has spent the day': await keyOf(spent),
    'somebody who runs enough': await keyOf(busy),
    'somebody who tried too often': await keyOf(tired),
  }
  // Too little to be leased: what is drawn afterwards is found at once.
  await gateway.draw('burst', hurried, 1900)
  await gateway.draw('day', spent, 199_900)
  await Promise.all(Object.values(keys).map((key) => gateway.post('{ version }', key)))
  await gateway.draw('burst', hurried, 1990)
  await gateway.draw('day', spent, 199_990)
  const { inFlight, attempts, policies } = gateway.demand
  while (inFlight.enter(busy, 8)) continue
  // Down to where trying once more makes the wait no longer.
  attempts.take({ subject: tired, budget: policies().attempts }, 2000)
  return { ...gateway, requestsOf: (refused) => requestsOf(refused, keys) }
}

type Keys = Readonly<Record<Asking, string | undefined>>

async function revokedKey(gateway: StoppedCommunity): Promise<string> {
  const accountId = await gateway.account()
  const key = await gateway.issueKey({ accountId })
  await gateway.database.pool.query(
    `update api_key set revoked_at = now(), revocation_reason = 'owner' where account_id = $1`,
    [accountId],
  )
  return key
}

function requestsOf(
  { who = 'nobody', asked, exactly, headers }: RefusedRequest,
  keys: Keys,
): readonly HttpRequest[] {
  if (asked === undefined) return exactly === undefined ? [] : [exactly]
  const key = keys[who]
  const fields = { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) }
  const parameters = Object.entries(asked).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return [
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...fields },
      body: JSON.stringify(asked),
    },
    { path: `/graphql?${new URLSearchParams(parameters)}`, headers: fields },
  ]
}
