import { describe, expect, test } from 'vitest'

import type { TestGateway } from '../../support/gateway.ts'
import { EN, storedCurated, testCurators } from './curators.ts'
import { ACCEPT, CREATE, DECLINE, PUBLISH, RETIRE, SUGGEST, UPDATE } from './documents.ts'

const ACTS = {
  createCuratedSet: [CREATE, { names: EN('Doll') }],
  updateCuratedSet: [UPDATE, { id: 'cur_x', version: 1 }],
  publishCuratedSet: [PUBLISH, { id: 'cur_x' }],
  retireCuratedSet: [RETIRE, { id: 'cur_x' }],
  acceptCuratedSetSuggestion: [ACCEPT, { id: 'sug_x', version: 1 }],
  declineCuratedSetSuggestion: [DECLINE, { id: 'sug_x', reason: 'x' }],
} satisfies Readonly<Record<string, readonly [string, object]>>

/** A key of this level, of a new account with this role. */
async function keyOf(
  gateway: TestGateway,
  role: 'user' | 'curator' | 'bughunter',
  level: 2 | 3 | 6,
) {
  const accountId = await gateway.account({ role })
  return gateway.issueKey({ accountId, level })
}

describe.each(Object.entries(ACTS))('%s', (name, [document, input]) => {
  test('is refused below level 3, and at any level where nobody is a curator', async () => {
    const { gateway } = await testCurators()
    const keys = [
      await keyOf(gateway, 'curator', 2),
      await keyOf(gateway, 'user', 3),
      await keyOf(gateway, 'bughunter', 6),
    ]
    for (const key of keys) {
      const refused = await gateway.post(document, key, { input })
      expect(refused).toMatchObject({ status: 403, codes: ['LEVEL_TOO_LOW'] })
    }
    expect(await storedCurated(gateway)).toEqual([])
  })

  test('is done with a key of level 3 of a curator, for an id that names nothing too', async () => {
    const { gateway } = await testCurators()
    const key = await keyOf(gateway, 'curator', 3)
    const { status, data } = await gateway.post(document, key, { input })
    expect(status).toBe(200)
    const isNew = name === 'createCuratedSet'
    expect(data).toMatchObject({ [name]: isNew ? { warnings: [] } : { code: 'NOT_FOUND' } })
    expect(await storedCurated(gateway)).toHaveLength(isNew ? 1 : 0)
  })
})

test('suggestCuratedSet is refused below level 3', async () => {
  const { gateway } = await testCurators()
  const key = await keyOf(gateway, 'user', 2)
  const refused = await gateway.post(SUGGEST, key, { input: { set: 'set_x' } })
  expect(refused).toMatchObject({ status: 403, codes: ['LEVEL_TOO_LOW'] })
})
