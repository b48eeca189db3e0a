import { v7 } from 'uuid'
import { sealRow } from '../../src/vault/seal-row.ts'
import type { TestGateway } from './gateway.ts'

/** So many private sets of an account, three of them made at each millisecond. */
export async function insertSets(
  { database, vault }: Pick<TestGateway, 'database' | 'vault'>,
  accountId: string,
  count: number,
): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => {
    const id = v7()
    const at = new Date(Date.parse('2026-01-01T00:00:00Z') + Math.floor(i / 3))
    return {
      id,
      account_id: accountId,
      ...sealRow(
        vault,
        'measurement_set',
        { row: id, owner: accountId },
        { name: `Set ${i}`, notes: 'Line\nbreak', measurements: { chest: 900 + i / 10 } },
      ),
      created_at: at,
      updated_at: at,
    }
  })
  if (rows.length > 0) await database.kysely.insertInto('measurement_set').values(rows).execute()
}
