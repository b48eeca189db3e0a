import { describe, expect, test } from 'vitest'

import { outbox } from '../../support/act-client.ts'
import type { Writer } from '../../support/writers.ts'
import { UPDATE as UPDATE_SET } from '../measurement-sets/documents.ts'
import { madeSet } from '../measurement-sets/sets.ts'
import {
  answered,
  curatorNamed,
  refusedAt,
  seenCurated,
  storedCurated,
  testCurators,
  written,
} from './curators.ts'
import { ACCEPT, DECLINE, OWN_SUGGESTIONS, SUGGEST, SUGGESTIONS } from './documents.ts'

const ADA = {
  name: 'Ada-Canary',
  notes: '**thin**',
  image: 'https://example.org/ada.png',
  unit: 'CM',
  measurements: { chest: 91.25 },
}

/** A suggestion of a set that the writer has just made. */
async function suggested(writer: Writer, input: object = {}) {
  const { id: set } = await madeSet(writer, ADA)
  return (await answered(writer, SUGGEST, { set, ...input })).suggestion
}

async function listed(curator: Writer, state: string | null = 'OPEN'): Promise<readonly string[]> {
  const { data } = await curator.act(SUGGESTIONS, { state })
  return data['curatedSetSuggestions'].nodes.map(({ id }: { id: string }) => id)
}

describe('suggestCuratedSet', () => {
  test('shows curators a copy with inherited values, which stays as it is when the set changes', async () => {
    const { gateway, writer, curator } = await testCurators()
    const ada = await writer('ada')
    const base = await madeSet(ada, { unit: 'CM', measurements: { waist: 70, chest: 1 } })
    const set = await madeSet(ada, { ...ADA, baseSet: base.id })
    const { suggestion } = await answered(ada, SUGGEST, { set: set.id, note: 'For all.' })
    await answered(ada, UPDATE_SET, { id: set.id, version: 1, name: 'Other', notes: null })
    const copy = {
      id: expect.stringMatching(/^sug_/),
      name: 'Ada-Canary',
      notes: '**thin**',
      note: 'For all.',
      state: 'OPEN',
      reason: null,
      decidedAt: null,
      version: 1,
      measurements: { chest: 91.25, waist: 70 },
      curatedSet: null,
    }
    expect(suggestion).toEqual(copy)
    const { data } = await curator.act(SUGGESTIONS, {})
    expect(data['curatedSetSuggestions']).toEqual({ totalCount: 1, nodes: [copy] })
    expect((await ada.act(OWN_SUGGESTIONS, {})).data['me'].suggestions.nodes).toEqual([copy])
    expect((await written(gateway)).filter(({ action }) => action.startsWith('sug'))).toEqual([
      {
        owner: ada.accountId,
        actor: ada.accountId,
        action: 'suggest-curated-set',
        subject: suggestion.id,
        reason: null,
      },
    ])
  })

  test('stores nothing of it in the clear, and logs nothing', async () => {
    const { gateway, writer } = await testCurators()
    const { id } = await suggested(await writer('ada'), { note: 'For-Canary' })
    expect(id).toMatch(/^sug_/)
    const { rows } = await gateway.database.pool.query(
      'select t::text as text from curated_suggestion t',
    )
    for (const text of ['Ada-Canary', 'thin', '91.25', '912.5', 'For-Canary']) {
      expect([...gateway.logged, rows[0].text].join()).not.toContain(text)
    }
  })

  test('refuses another’s set as one that is missing, whatever the level', async () => {
    const { writer } = await testCurators()
    const ben = await writer('ben')
    const { id: foreign } = await madeSet(ben)
    const who = [
      await writer('ada'),
      await writer('boss', { level: 8, role: 'admin' }, { role: 'admin' }),
    ]
    for (const one of who) {
      const missing = await answered(one, SUGGEST, { set: 'set_x' })
      expect(missing).toEqual({ __typename: 'NotFound', code: 'NOT_FOUND' })
      expect(await answered(one, SUGGEST, { set: foreign })).toEqual(missing)
    }
  })

  test('takes 20 open ones of an account, also of several at once', async () => {
    const { writer, curator } = await testCurators()
    const ada = await writer('ada')
    const { id: set } = await madeSet(ada)
    for (let n = 0; n < 17; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- those that wait for the others would wait too long
      expect(await answered(ada, SUGGEST, { set })).not.toHaveProperty('code')
    }
    const asked = Array.from({ length: 6 }, () => answered(ada, SUGGEST, { set }))
    const codes = (await Promise.all(asked)).flatMap(({ code }) => code ?? [])
    expect(codes).toEqual(Array.from({ length: 3 }, () => 'TOO_MANY_SUGGESTIONS'))
    const [id] = await listed(curator)
    await answered(curator, DECLINE, { id, reason: 'One is like it.' })
    expect((await answered(ada, SUGGEST, { set })).suggestion).toMatchObject({ state: 'OPEN' })
  })

  test('tells that a note is too long, and stores nothing', async () => {
    const { writer, curator } = await testCurators()
    const ada = await writer('ada')
    const { id: set } = await madeSet(ada)
    expect(await refusedAt(ada, SUGGEST, { set, note: 'x'.repeat(16_001) })).toEqual(['note'])
    expect(await listed(curator)).toEqual([])
  })

  test('suggests once under one Idempotency-Key', async () => {
    const { writer, curator } = await testCurators()
    const ada = await writer('ada')
    const { id: set } = await madeSet(ada)
    const first = await answered(ada, SUGGEST, { set }, 'once')
    expect(await answered(ada, SUGGEST, { set }, 'once')).toEqual(first)
    expect(await listed(curator)).toEqual([first.suggestion.id])
  })
})

describe('acceptCuratedSetSuggestion', () => {
  test('makes a draft that tells nothing of who suggested it, and tells him', async () => {
    const { gateway, writer, curator } = await testCurators()
    const ada = await writer('ada')
    const { id } = await suggested(ada, { note: 'For all.' })
    const { suggestion, curatedSet } = await answered(curator, ACCEPT, { id, version: 1 })
    expect(curatedSet).toMatchObject({
      name: 'Ada-Canary',
      notes: '**thin**',
      image: null,
      height: null,
      tags: [],
      publication: 'DRAFT',
      measurements: { chest: 91.25 },
    })
    expect(suggestion).toMatchObject({
      id,
      state: 'ACCEPTED',
      version: 2,
      curatedSet: { id: curatedSet.id },
    })
    expect(await seenCurated(ada, curatedSet.id)).toBeNull()
    const [row] = await storedCurated(gateway)
    expect(row).toMatchObject({ curator_id: curator.accountId, publication: 'draft' })
    expect(JSON.stringify(row)).not.toContain(ada.accountId)
    const [own] = (await ada.act(OWN_SUGGESTIONS, {})).data['me'].suggestions.nodes
    expect(own).toMatchObject({ state: 'ACCEPTED', curatedSet: null })
    expect((await written(gateway)).at(-1)).toMatchObject({
      owner: ada.accountId,
      actor: curator.accountId,
      action: 'accept-curated-set-suggestion',
      subject: id,
    })
    const mails = await outbox(gateway)
    expect(mails).toMatchObject([
      { to: 'ada@example.test', subject: 'Your suggestion was accepted' },
    ])
    expect(mails[0]?.text).toContain(id)
  })

  test('of another version does nothing, and tells the present one', async () => {
    const { gateway, writer, curator } = await testCurators()
    const { id } = await suggested(await writer('ada'))
    expect(await answered(curator, ACCEPT, { id, version: 2 })).toEqual({
      __typename: 'VersionConflict',
      code: 'VERSION_CONFLICT',
      currentVersion: 1,
    })
    expect([await storedCurated(gateway), await outbox(gateway)]).toEqual([[], []])
  })

  test('makes one draft and one mail under one Idempotency-Key', async () => {
    const { gateway, writer, curator } = await testCurators()
    const { id } = await suggested(await writer('ada'))
    const first = await answered(curator, ACCEPT, { id, version: 1 }, 'once')
    expect(await answered(curator, ACCEPT, { id, version: 1 }, 'once')).toEqual(first)
    expect([(await storedCurated(gateway)).length, (await outbox(gateway)).length]).toEqual([1, 1])
  })
})

describe('declineCuratedSetSuggestion', () => {
  test('makes nothing, and tells its owner why', async () => {
    const { gateway, writer, curator } = await testCurators()
    const ada = await writer('ada')
    const { id } = await suggested(ada)
    const reason = 'There is one like it.'
    const { suggestion } = await answered(curator, DECLINE, { id, reason })
    expect(suggestion).toMatchObject({ state: 'DECLINED', reason, version: 2, curatedSet: null })
    expect(suggestion.decidedAt).not.toBeNull()
    expect(await storedCurated(gateway)).toEqual([])
    expect((await written(gateway)).at(-1)).toMatchObject({
      owner: ada.accountId,
      actor: curator.accountId,
      action: 'decline-curated-set-suggestion',
      subject: id,
      reason,
    })
    const [mail] = await outbox(gateway)
    expect(mail?.text).toContain(reason)
  })

  test('wants a reason', async () => {
    const { writer, curator } = await testCurators()
    const { id } = await suggested(await writer('ada'))
    for (const reason of [' ', 'x'.repeat(501)]) {
      expect(await refusedAt(curator, DECLINE, { id, reason })).toEqual(['reason'])
    }
    expect(await listed(curator)).toEqual([id])
  })

  test('of another version does nothing, and mails once under one Idempotency-Key', async () => {
    const { gateway, writer, curator } = await testCurators()
    const { id } = await suggested(await writer('ada'))
    const reason = 'One is like it.'
    const conflict = await answered(curator, DECLINE, { id, version: 2, reason })
    expect(conflict).toMatchObject({ code: 'VERSION_CONFLICT', currentVersion: 1 })
    const first = await answered(curator, DECLINE, { id, reason }, 'once')
    expect(await answered(curator, DECLINE, { id, reason }, 'once')).toEqual(first)
    expect(await outbox(gateway)).toHaveLength(1)
  })
})

describe('a suggestion', () => {
  test('is decided on once, by one of two curators', async () => {
    const curators = await testCurators()
    const { gateway, writer, curator } = curators
    const other = await curatorNamed(curators, 'other')
    const { id } = await suggested(await writer('ada'))
    const reason = 'One is like it.'
    const decided = await Promise.all([
      answered(curator, ACCEPT, { id, version: 1 }),
      answered(other, DECLINE, { id, version: 1, reason }),
    ])
    const codes = decided.map(({ code = 'done' }) => code)
    expect(new Set(codes)).toEqual(new Set(['VERSION_CONFLICT', 'done']))
    expect(await outbox(gateway)).toHaveLength(1)
    const again = [
      await answered(curator, ACCEPT, { id, version: 2 }),
      await answered(curator, DECLINE, { id, reason }),
    ]
    expect(again.map(({ code }) => code)).toEqual(['SUGGESTION_DECIDED', 'SUGGESTION_DECIDED'])
    expect([await listed(curator), await listed(curator, null)]).toEqual([[], [id]])
  })

  test.each([
    ['does not consent any more', { consent: 'account' }],
    ['has restricted the account', { status: 'restricted' }],
  ] as const)('of somebody who %s is as good as missing', async (_what, change) => {
    const { gateway, writer, curator } = await testCurators()
    const ada = await writer('ada')
    const { id } = await suggested(ada)
    const { kysely } = gateway.database
    await kysely.updateTable('account').set(change).where('id', '=', ada.accountId).execute()
    expect(await listed(curator, null)).toEqual([])
    for (const asked of [id, 'sug_x']) {
      const missing = { __typename: 'NotFound', code: 'NOT_FOUND' }
      expect(await answered(curator, ACCEPT, { id: asked, version: 1 })).toEqual(missing)
      expect(await answered(curator, DECLINE, { id: asked, reason: 'x' })).toEqual(missing)
    }
  })

  test('is seen by nobody but its owner and curators', async () => {
    const { writer, curator } = await testCurators()
    const [ada, ben] = [await writer('ada'), await writer('ben')]
    const { id } = await suggested(ada)
    expect(await listed(curator)).toEqual([id])
    expect((await ben.act(OWN_SUGGESTIONS, {})).data['me'].suggestions.nodes).toEqual([])
    expect((await ben.act(SUGGESTIONS, {})).codes).toEqual(['LEVEL_TOO_LOW'])
  })
})
