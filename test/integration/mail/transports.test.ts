import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { createFileTransport } from '../../../src/mail/file-transport.ts'
import { createSmtpTransport } from '../../../src/mail/smtp-transport.ts'
import type { OutgoingMail } from '../../../src/mail/transport.ts'
import { mailDesk, TOKEN, toPort } from '../../support/mail-desk.ts'
import { startMailServer } from '../../support/mail-server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const ID = '01900000-0000-7000-8000-00000000000a'
const FROM = 'Maat <no-reply@maat.example>'

describe('over SMTP', () => {
  test('each attempt has the Message-ID of the mail', async () => {
    const server = await startMailServer()
    for (let attempt = 0; attempt < 2; attempt += 1) await toPort(server.port).send(mail())
    for (const { source } of server.arrived)
      expect(source).toContain(`Message-ID: <${ID}@maat>\r\n`)
    expect(server.arrived).toHaveLength(2)
  })

  test('user and password of the address are presented, as they are without percent signs', async () => {
    const presented: unknown[] = []
    const server = await startMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        presented.push([username, password])
        done(null, { user: 'app' })
      },
    })
    await createSmtpTransport(`smtp://app:hunter%202@127.0.0.1:${server.port}`, FROM).send(mail())
    expect(presented).toEqual([['app', 'hunter 2']])
    expect(server.arrived).toHaveLength(1)
  })

  test('a server beyond this machine that speaks no TLS gets no mail', async () => {
    const server = await startMailServer()
    const beyond = createSmtpTransport(`smtp://0.0.0.0:${server.port}`, FROM)
    await expect(beyond.send(mail())).rejects.toMatchObject({ kind: 'unreachable' })
    expect([server.connections(), server.arrived]).toEqual([1, []])
  })

  test('a certificate that nobody vouches for is good enough on this machine alone', async () => {
    const server = await startMailServer({ hideSTARTTLS: false })
    const beyond = createSmtpTransport(`smtp://0.0.0.0:${server.port}`, FROM)
    await expect(beyond.send(mail())).rejects.toMatchObject({ kind: 'unreachable' })
    expect([server.connections(), server.arrived]).toEqual([1, []])
    await toPort(server.port).send(mail())
    expect(server.arrived).toHaveLength(1)
  })

  test('what does not take the mail is told without a word of the server', async () => {
    const server = await startMailServer({
      onData(stream, _session, done) {
        stream.resume()
        stream.once('end', () => done(new Error(`no ${TOKEN} for eva@example.org`)))
      },
    })
    const failure: unknown = await toPort(server.port)
      .send(mail())
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ kind: 'postponed', reason: 'EMESSAGE 450' })
    expect(failure).not.toHaveProperty('cause')
    expect(String(failure)).not.toMatch(/eva|maat_lk/)
  })
})

describe('into files', () => {
  test('a mail is a file that its owner alone may read, in a folder that is its alone', async () => {
    const folder = await mailFolder()
    await createFileTransport(folder).send(mail())
    const name = `21000301T120000Z-${ID}.eml`
    expect(await readdir(folder)).toEqual([name])
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(folder, name), 'utf8')).toBe(
      `Date: Mon, 01 Mar 2100 12:00:00 GMT\nTo: eva@example.org\nSubject: Your link\n\nFollow ${TOKEN}\n`,
    )
  })

  test('a mail that was written and not noted is not written again', async () => {
    const folder = await mailFolder()
    const transport = createFileTransport(folder)
    await transport.send(mail())
    await expect(transport.send(mail())).resolves.toContain(folder)
    expect(await readdir(folder)).toHaveLength(1)
  })

  test('what is logged names the file, and holds no address, subject or token', async () => {
    const folder = await mailFolder()
    const desk = await mailDesk(createFileTransport(folder))
    await desk.queue('eva@example.org')
    await desk.send()
    const [name = ''] = await readdir(folder)
    expect(desk.logged).toHaveLength(1)
    expect(desk.logged[0]).toContain(join(folder, name))
    for (const secret of ['eva', 'example.org', TOKEN, 'Your link']) {
      expect(desk.logged[0]).not.toContain(secret)
    }
  })
})

const INJECTED: readonly [string, Partial<OutgoingMail['message']>][] = [
  ['an address with a line of its own', { to: 'eva@example.org\r\nBcc: ada@example.org' }],
  ['an address with a name', { to: 'Eva <eva@example.org>' }],
  ['two addresses', { to: 'eva@example.org, ada@example.org' }],
  ['a route', { to: '@relay.example:eva@example.org' }],
  ['no address', { to: '' }],
  ['a subject with a line of its own', { subject: 'Hello\nBcc: ada@example.org' }],
  ['a subject with a carriage return', { subject: 'Hello\rBcc: ada@example.org' }],
]

test.each(INJECTED)('%s is refused on either way out', async (_case, message) => {
  const server = await startMailServer()
  const folder = await mailFolder()
  for (const transport of [toPort(server.port), createFileTransport(folder)]) {
    await expect(transport.send(mail(message))).rejects.toMatchObject({ kind: 'refused' })
  }
  expect(server.connections()).toBe(0)
  await expect(readdir(folder)).rejects.toThrow('ENOENT')
})

test('a line of the text that looks like a header, or like the end, is text', async () => {
  const server = await startMailServer()
  await toPort(server.port).send(mail({ text: 'Bcc: ada@example.org\r\n.\r\nMAIL FROM:<>\r\n' }))
  expect(server.arrived.map(({ to }) => to)).toEqual([['eva@example.org']])
  expect(server.arrived[0]?.source).toMatch(/\r\n\r\nBcc: ada@example.org\r\n\.\r\nMAIL FROM:<>/)
})

function mail(over: Partial<OutgoingMail['message']> = {}): OutgoingMail {
  const message = { to: 'eva@example.org', subject: 'Your link', text: `Follow ${TOKEN}\n` }
  return {
    id: ID,
    createdAt: new Date('2100-03-01T12:00:00.000Z'),
    message: { ...message, ...over },
  }
}

/** The path of a folder that is not there yet. */
async function mailFolder(): Promise<string> {
  const parent = await temporaryFolder()
  return join(parent, 'mail')
}
