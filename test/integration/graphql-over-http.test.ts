import { serverAudits } from 'graphql-http'
import { describe, expect, test } from 'vitest'

import { testGateway } from '../support/gateway.ts'

describe.each(['front', 'yoga'] as const)('through the %s door', async (door) => {
  const { origin } = await testGateway({ door })
  const audits = serverAudits({ url: `${origin}/graphql`, fetchFn: fetch })

  test('there are 61 audits', () => {
    expect(audits).toHaveLength(61)
  })

  test.each(audits)('a client may rely on $id: $name', async ({ fn }) => {
    await expect(fn()).resolves.toMatchObject({ status: 'ok' })
  })
})
