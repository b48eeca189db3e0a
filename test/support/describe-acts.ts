import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { formatId } from '../../src/ids.ts'
import { type Belongings, insertBelongings } from '../matrix/belongings.ts'
import { AMPLE_ROWS, policiesWith } from './policies.ts'
import type { TestGateway, TestGatewayOptions } from './gateway.ts'
import { testWriters, type Writer } from './writers.ts'

/** A mutation, and an input with which it comes to what it is for. */
export interface TestAct {
  readonly document: string
  readonly input: (own: Belongings) => Readonly<Record<string, unknown>>
  /** Another input that is as good. */
  readonly other: (own: Belongings) => Readonly<Record<string, unknown>>
  /** Member of the input that names what is changed or copied; null where nothing is. */
  readonly names: 'id' | 'of' | null
}

/** Tests of what holds for every act on one's own, whatever it does: of level and quota, of repetition and of foreign ids. */
export function describeActs(
  acts: Readonly<Record<string, TestAct>>,
  table: 'pattern' | 'bookmark',
): void {
  const stateOf = async ({ database }: TestGateway): Promise<unknown> => {
    const rows = await database.kysely.selectFrom(table).selectAll().orderBy('id').execute()
    const told = database.kysely.selectFrom('audit').select(['action', 'subject']).orderBy('id')
    return [rows, await told.execute()]
  }

  describe.each(Object.entries(acts))('%s', (_name, { document, input, other, names }) => {
    test('needs level 3: below, nothing happens', async () => {
      const { gateway, ada, own } = await settled()
      const before = await stateOf(gateway)
      const { accountId } = ada
      const weak = await gateway.issueKey({ accountId, level: 2 })
      const refused = await gateway.post(document, weak, { input: input(own) })
      expect(refused).toMatchObject({ status: 403, codes: ['LEVEL_TOO_LOW'] })
      expect(await stateOf(gateway)).toEqual(before)
      const strong = await gateway.issueKey({ accountId, level: 3 })
      const done = await gateway.post(document, strong, { input: input(own) })
      expect(done).toMatchObject({ status: 200, codes: [] })
      expect(await stateOf(gateway)).not.toEqual(before)
    })

    test('does nothing once the quota is spent', async () => {
      const policies = policiesWith({ ...AMPLE_ROWS, day: { capacity: 1_000 } })
      const { gateway, ada, own } = await settled({ policies })
      await gateway.database.pool.query(
        "insert into quota_budget (partition, subject, drawn, at) values ('day', $1, 995, clock_timestamp())",
        [ada.accountId],
      )
      const before = await stateOf(gateway)
      const { status, codes } = await ada.act(document, { input: input(own) })
      expect([status, codes]).toEqual([429, ['QUOTA_EXCEEDED']])
      expect(await stateOf(gateway)).toEqual(before)
    })

    test('happens once under one Idempotency-Key, and is answered alike again', async () => {
      const { gateway, ada, own } = await settled()
      const first = await ada.act(document, { input: input(own) }, 'once')
      expect([first.status, problemIn(first.data)]).toEqual([200, undefined])
      const after = await stateOf(gateway)
      expect(await ada.act(document, { input: input(own) }, 'once')).toEqual(first)
      expect(await stateOf(gateway)).toEqual(after)
    })

    test('is refused under an Idempotency-Key that stood for something else', async () => {
      const { gateway, ada, own } = await settled()
      await ada.act(document, { input: input(own) }, 'once')
      const before = await stateOf(gateway)
      const refused = await ada.act(document, { input: other(own) }, 'once')
      expect([refused.status, refused.codes]).toEqual([422, ['INPUT_INVALID']])
      expect(await stateOf(gateway)).toEqual(before)
    })

    if (names === null) return

    test('answers alike for what is another’s and for nothing', async () => {
      const { gateway, writer, own } = await settled()
      const ben = await writer('ben')
      const before = await stateOf(gateway)
      const foreign = await ben.act(document, { input: input(own) })
      expect(problemIn(foreign.data)).toBe('NOT_FOUND')
      const prefix = table === 'pattern' ? 'pat' : 'bkm'
      for (const id of [formatId(prefix, v7()), own.key, `${prefix}_x`, 'x', '']) {
        const missing = await ben.act(document, { input: { ...input(own), [names]: id } })
        expect(missing).toEqual(foreign)
      }
      expect(await stateOf(gateway)).toEqual(before)
    })
  })
}

/** A gateway, and somebody with one of everything. */
export async function settled(options: TestGatewayOptions = {}): Promise<Settled> {
  const { gateway, writer } = await testWriters(options)
  const ada = await writer('ada')
  const own = await insertBelongings(gateway.database, gateway.vault, ada.accountId)
  return { gateway, writer, ada, own }
}

interface Settled extends Awaited<ReturnType<typeof testWriters>> {
  readonly ada: Writer
  readonly own: Belongings
}

function problemIn(data: Readonly<Record<string, { readonly code?: string }>>) {
  return Object.values(data)[0]?.code
}
