import { expect, test } from 'vitest'

import { presentPrincipal } from '../../../src/community/bulk-export/present-principal.ts'
import { intervening } from '../../support/intervening.ts'

test('an export goes on at the pace of whoever asked for it, and ends while that is suspended', async () => {
  const { gateway, accountId, intervene, keyId } = await intervening()
  const { kysely } = gateway.database
  const { id } = await kysely
    .selectFrom('api_key')
    .select('id')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  const asking = { accountId, credential: { kind: 'key', id, level: 4 } } as const
  const present = () => presentPrincipal(kysely, asking, new Date())
  await intervene({ step: 'SLOWER', key: keyId, pacePercent: 10 })
  expect(await present()).toMatchObject({
    kind: 'present',
    principal: { interventions: [{ of: 'key', step: 'slower', pace: 0.1 }] },
  })
  await intervene({ step: 'SUSPENSION', key: keyId })
  expect(await present()).toEqual({ kind: 'gone', failure: 'account_blocked' })
})
