import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { vi } from 'vitest'
import { createKeyFile } from '../../src/vault/key-file.ts'
import { sendRequest } from './http-request.ts'
import { startGateway } from './started-gateway.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { testDatabase } from './test-database.ts'

export interface Answered {
  readonly status: number
  readonly body: string
  readonly data: unknown
}

/** A gateway that logs everything, over a database of its own, and all that it writes down. */
export async function talkativeGateway() {
  const folder = await temporaryFolder()
  await createKeyFile(join(folder, 'keys.json'))
  const { url } = await testDatabase()
  const gateway = await startGateway({
    DATABASE_URL: url,
    MAAT_DATA: folder,
    MAAT_DEMO: '0',
    LOG_LEVEL: 'trace',
  })
  let written = gateway.printed
  gateway.child.stdout?.on('data', (chunk: Buffer) => (written += chunk.toString()))
  gateway.child.stderr?.on('data', (chunk: Buffer) => (written += chunk.toString()))
  const refused: string[] = []
  const ask = async (
    document: string,
    variables: object = {},
    token?: string,
  ): Promise<Answered> => {
    const { status, body } = await sendRequest(gateway.origin, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: document, variables }),
    })
    const { data = null, errors } = JSON.parse(body)
    if (errors !== undefined) refused.push(body)
    return { status, body, data }
  }
  const mails = async (): Promise<readonly string[]> => {
    const names = await readdir(join(folder, 'mail')).catch(() => [])
    return Promise.all(
      names
        .toSorted((a, b) => a.localeCompare(b))
        .map((name) => readFile(join(folder, 'mail', name), 'utf8')),
    )
  }
  /** The token in the latest mail, once there are so many. */
  const mailed = (count: number): Promise<string> =>
    vi.waitFor(
      async () => {
        const all = await mails()
        const [token] = /maat_lk_[\w-]{43}/.exec(all.at(-1) ?? '') ?? []
        if (all.length < count || token === undefined) throw new Error(`${all.length} mails.`)
        return token
      },
      { timeout: 20_000 },
    )
  return { url, ask, mails, mailed, refused, written: () => written, end: gateway.end }
}

/** The text at this path of an answer. */
export function textAt({ data, body }: Answered, ...path: readonly (string | number)[]): string {
  const found = path.reduce<unknown>((value, step) => Reflect.get(Object(value), step), data)
  if (typeof found !== 'string') throw new Error(`No text at ${path.join('.')} of ${body}`)
  return found
}
