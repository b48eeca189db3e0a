import type { RevocationReason } from '../database/tables.generated.ts'

/** Why a key was revoked, as whoever holds its secret is told. */
export const REVOCATIONS = {
  owner: 'Its owner revoked it.',
  admin: 'An administrator revoked it.',
  abuse: 'It was used beyond what can be supported.',
  leak: 'It was found in a public place.',
  downgrade: 'Its owner’s role no longer gives its level.',
  block: 'Its owner’s account was blocked.',
  consent: 'Its owner withdrew consent to the processing of the data.',
} as const satisfies Record<RevocationReason, string>
