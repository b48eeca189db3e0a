import type { RandomBytes } from '../../auth/api-key.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../database/connect.ts'
import type { Meter } from '../../metering/meter.ts'
import type { Policies } from '../../quota/policies.ts'
import type { Quota } from '../../quota/quota.ts'
import type { Vault } from '../../vault/vault.ts'
import type { OpenBulkQuery } from './bulk-reader.ts'

/** What it takes to make exports. */
export interface BulkRunner {
  /** Of its own: exports take no connection from requests. */
  readonly database: Pick<Database, 'kysely'>
  readonly vault: Vault
  readonly clock: Clock
  readonly random: RandomBytes
  /** Links begin with it. */
  readonly publicUrl: string
  readonly quota: Pick<Quota, 'reserve' | 'settle'>
  readonly meter: Pick<Meter, 'record'>
  readonly policies: () => Policies
  readonly openQuery: OpenBulkQuery
  /** Hears of a page that failed; it is tried again. */
  readonly onFailure: (error: unknown) => void
}
