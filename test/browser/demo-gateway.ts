import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

export interface DemoGateway {
  /** Where GraphiQL is. */
  readonly url: string
  readonly demoKey: string
}

/** A gateway on an embedded database with the demo data. Ended with the file. */
export async function startDemoGateway(): Promise<DemoGateway> {
  const data = await temporaryFolder()
  const { origin } = await startGateway({ MAAT_DATA: data })
  const demoKey = (await readFile(join(data, 'demo-key'), 'utf8')).trim()
  return { url: `${origin}/graphql`, demoKey }
}
