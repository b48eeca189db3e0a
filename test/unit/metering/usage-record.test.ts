import { expect, test } from 'vitest'

import { parseRecord, printRecord, type UsageRecord } from '../../../src/metering/usage-record.ts'
import { usageRecord } from '../../support/usage-records.ts'

const record = usageRecord({
  lease: { id: '01a21bad-cc25-7548-aebc-226448e61c83', takenAtUs: 1_767_268_800_122_999 },
  accountId: '01a21bad-cbc7-777e-b121-a43ed8281ce0',
})

test.each<[string, Partial<UsageRecord>]>([
  ['an operation that was paid for', {}],
  ['one of nobody', { accountId: null, lease: null }],
  ['a refusal before there was a price', { document: null, operation: '', estimated: null }],
])('a line says all of %s', (_what, over) => {
  const line = printRecord({ ...record, ...over })
  expect(line.endsWith('\n')).toBe(true)
  expect(parseRecord(line)).toEqual({ ...record, ...over })
})

test('what a column of the ledger can not hold becomes what it can', () => {
  const line = printRecord({
    ...record,
    rows: Number.NaN,
    bytes: 3e9,
    durationUs: -1,
    databaseUs: 2.6,
  })
  expect(parseRecord(line)).toEqual({
    ...record,
    rows: 0,
    bytes: 2_147_483_647,
    durationUs: 0,
    databaseUs: 3,
  })
})

test.each(['', '{}', '[1,2]', '[1767268800123,"r-1",null'])('%j is no record', (line) => {
  expect(parseRecord(line)).toBeNull()
})
