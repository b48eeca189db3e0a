import { expect, test } from 'vitest'
import { apiError } from '../../../src/errors.ts'
import { testGateway } from '../../support/gateway.ts'

const IMPORT = `mutation { importMeasurementSets(input: { format: JSON, text: "[]" }) { __typename } }`

test('an import that there is no room for costs nothing', async () => {
  const gateway = await testGateway({ readSets: () => Promise.reject(apiError('OVERLOADED')) })
  const key = await gateway.issueKey({ accountId: await gateway.account(), level: 3 })
  const { codes, body } = await gateway.post(IMPORT, key)
  expect(codes).toEqual(['OVERLOADED'])
  expect(JSON.parse(body).extensions.cost.actual).toBe(0)
})
