import type { Principal } from '../../src/auth/principal.ts'

/** A signed-in person, as authentication would have it. */
export function sessionOf(
  accountId: string,
  over: Partial<Extract<Principal['standing'], { kind: 'session' | 'key' }>> = {},
): Principal {
  return {
    standing: {
      kind: 'session',
      level: 4,
      role: 'user',
      status: 'active',
      consent: 'measurements',
      ...over,
    },
    accountId,
    keyId: null,
    sessionId: '00000000-0000-7000-8000-000000000001',
    budget: { accountCreatedAtMs: 0, limits: [] },
    interventions: [],
  }
}
