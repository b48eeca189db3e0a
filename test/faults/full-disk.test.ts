import { symlinkSync, unlinkSync } from 'node:fs'

import { expect, test } from 'vitest'

import { segmentPath } from '../../src/metering/segment-files.ts'
import { testGateway } from '../support/gateway.ts'
import { usageRecord } from '../support/usage-records.ts'

const SEGMENTS = Array.from({ length: 20 }, (_, n) => n + 1)

test('a full disk under the meter is told; 10 000 records wait in memory, then nothing runs any more; nothing is lost', async () => {
  const gateway = await testGateway()
  const { meter, post, database } = gateway
  const key = await gateway.issueKey()
  const folder = gateway.meterFolder
  for (const segment of SEGMENTS) symlinkSync('/dev/full', segmentPath(folder, segment))
  const first = await post('{ me { id } }', key)
  expect([first.status, meter.state().waiting, gateway.alarms]).toEqual([200, 1, ['stuck']])
  for (let n = 2; n < 10_000; n += 1) meter.record(usageRecord({ requestId: `r-${n}` }))
  expect((await post('{ me { id } }', key)).status).toBe(200)
  const refused = await post('{ me { id } }', key)
  expect([refused.status, refused.codes, refused.headers['retry-after']]).toEqual([
    503,
    ['UNAVAILABLE'],
    '1',
  ])
  expect(meter.state().waiting).toBe(10_000)

  for (const segment of SEGMENTS) unlinkSync(segmentPath(folder, segment))
  await meter.ship()
  expect([meter.state().waiting, gateway.alarms]).toEqual([0, ['stuck', 'flowing']])
  expect((await post('{ me { id } }', key)).status).toBe(200)
  await meter.ship()
  const { rows } = await database.pool.query(
    'select count(*)::int as records, count(distinct request_id)::int as apart from usage_record',
  )
  expect(rows).toEqual([{ records: 10_001, apart: 10_001 }])
})
