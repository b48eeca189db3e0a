import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'

import { testGateway } from '../support/gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const INDEX = '<!doctype html><script src="/graphql/assets/index-abc.js"></script>'
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(5_000))})`
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

const page = await builtPage()
const { send } = await testGateway({ page })

describe('GraphiQL', () => {
  test('is what a browser gets at /graphql', async () => {
    const { status, headers, body } = await send({ headers: BROWSER })
    expect([status, body]).toEqual([200, INDEX])
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    })
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
  })

  test('is not what anybody else gets there', async () => {
    const { status, headers } = await send({ headers: { accept: '*/*' } })
    expect([status, headers['content-type']]).toEqual([400, 'application/json; charset=utf-8'])
  })

  test('has parts that a browser keeps for good', async () => {
    const { status, headers, body } = await send({ path: '/graphql/assets/index-abc.js' })
    expect([status, body]).toEqual([200, SCRIPT])
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })

  test('is not sent again to who has it', async () => {
    const { headers } = await send({ headers: BROWSER })
    const etag = headers.etag ?? ''
    const again = await send({ headers: { ...BROWSER, 'if-none-match': etag } })
    expect([again.status, again.body]).toEqual([304, ''])
  })

  test.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip, br;q=0', gunzipSync],
  ] as const)('is compressed as %s for who takes it', async (encoding, accepted, decompress) => {
    const path = '/graphql/assets/index-abc.js'
    const { headers, bytes } = await send({ path, headers: { 'accept-encoding': accepted } })
    expect(headers['content-encoding']).toBe(encoding)
    expect(bytes.length).toBeLessThan(500)
    expect(decompress(bytes).toString()).toBe(SCRIPT)
  })

  test('that was not built says how to build it, and the API works without it', async () => {
    const bare = await testGateway()
    const { status, body } = await bare.send({ headers: BROWSER })
    expect([status, body]).toEqual([503, expect.stringContaining('npm run build')])
    expect((await bare.post('{ __typename }')).status).toBe(200)
  })
})

async function builtPage(): Promise<string> {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), INDEX)
  await writeFile(join(folder, 'assets', 'index-abc.js'), SCRIPT)
  return folder
}
