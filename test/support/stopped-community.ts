import type { AccessLevel } from '../../src/auth/access.ts'
import { insertPeople, PEOPLE } from './planned-data.ts'
import { stoppedGateway, type StoppedGateway, type StoppedOptions } from './stopped-gateway.ts'

export interface StoppedCommunity extends StoppedGateway {
  /** Makes a key of somebody; returns its text. */
  readonly keyOf: (person: keyof typeof PEOPLE, level?: AccessLevel) => Promise<string>
}

/** The people of planned-data behind a gateway whose time stands still. */
export async function stoppedCommunity(options: StoppedOptions = {}): Promise<StoppedCommunity> {
  const gateway = await stoppedGateway(options)
  await insertPeople(gateway.database, gateway.vault)
  return {
    ...gateway,
    keyOf: (person, level = 4) => gateway.issueKey({ accountId: PEOPLE[person], level }),
  }
}
