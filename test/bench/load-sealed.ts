import type pg from 'pg'
import { measuredBits } from '../../src/measurements/definitions.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { insertRows } from './load-plain.ts'
import type { Rows } from './rows.ts'

/** Fills the product's own tables with the rows, sealed as the product seals them. */
export async function loadSealed(client: pg.Client, vault: Vault, rows: Rows): Promise<void> {
  await insertRows(
    client,
    'public.account',
    rows.accounts.map(({ id, username, email, bio, role, at }) => ({
      id,
      username,
      username_key: username,
      ...sealRow(vault, 'account', { row: id, owner: id }, { email, bio }),
      role,
      status: 'active',
      consent: 'measurements',
      units: 'metric',
      language: 'en',
      newsletter: false,
      control: 1,
      patron: false,
      mfa_enabled: false,
      version: 1,
      created_at: at,
      updated_at: at,
    })),
  )
  await insertRows(
    client,
    'public.measurement_set',
    rows.sets.map(({ id, account, name, notes, measurements, at }) => ({
      id,
      account_id: account,
      ...sealRow(
        vault,
        'measurement_set',
        { row: id, owner: account },
        { name, notes, measurements },
      ),
      measured: String(measuredBits(measurements)),
      units: 'metric',
      public: false,
      version: 1,
      created_at: at,
      updated_at: at,
    })),
  )
  await insertRows(
    client,
    'public.pattern',
    rows.patterns.map(({ id, account, set, design, name, notes, settings, at }) => ({
      id,
      account_id: account,
      measurement_set_id: set,
      design,
      ...sealRow(vault, 'pattern', { row: id, owner: account }, { name, notes, settings }),
      public: false,
      version: 1,
      created_at: at,
      updated_at: at,
    })),
  )
}
