import type { UsageRecord } from './usage-record.ts'

/** Refusals that cost nobody a point and that anybody can bring about as often as he likes, added up until they are taken. */
export class Tally {
  readonly #records = new Map<string, UsageRecord>()

  add(record: UsageRecord): void {
    const key = `${record.accountId} ${record.keyId} ${record.outcome}`
    const known = this.#records.get(key)
    this.#records.set(key, known === undefined ? record : sumOf(known, record))
  }

  /** One record for all that are alike; the tally is empty then. */
  take(): readonly UsageRecord[] {
    const records = [...this.#records.values()]
    this.#records.clear()
    return records
  }
}

function sumOf(known: UsageRecord, more: UsageRecord): UsageRecord {
  return {
    ...known,
    document: known.document === more.document ? known.document : null,
    bytes: bounded(known.bytes + more.bytes),
    durationUs: bounded(known.durationUs + more.durationUs),
    operations: known.operations + more.operations,
  }
}

/** What a column of the ledger holds. */
function bounded(sum: number): number {
  return Math.min(sum, 2_147_483_647)
}
