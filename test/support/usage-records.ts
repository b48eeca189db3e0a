import type { UsageRecord } from '../../src/metering/usage-record.ts'

/** The record of an operation without credentials, which took points from nobody. */
export function usageRecord(over: Partial<UsageRecord> = {}): UsageRecord {
  return {
    atMs: Date.now(),
    requestId: 'r-1',
    lease: null,
    accountId: null,
    keyId: null,
    operation: 'Sets',
    document: 'xT14-kycZak5Z9QjFvzSB_1hHHysQKEDggqGbD5d2PU',
    estimated: 118,
    points: 32,
    rows: 12,
    databaseUs: 1102,
    bytes: 13_000,
    durationUs: 5162,
    outcome: 'OK',
    operations: 1,
    ...over,
  }
}
