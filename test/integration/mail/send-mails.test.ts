import { describe, expect, test } from 'vitest'

import { MailError } from '../../../src/mail/mail-error.ts'
import { queueMail } from '../../../src/mail/outbox.ts'
import { dropOldMails } from '../../../src/mail/send-mails.ts'
import type { MailTransport } from '../../../src/mail/transport.ts'
import { insertAccount } from '../../support/account.ts'
import { ACCOUNT, mailDesk, mailRows, TOKEN, toPort } from '../../support/mail-desk.ts'
import { refusal, startMailServer } from '../../support/mail-server.ts'

const EVA = 'eva@example.org'
const TEN = Array.from({ length: 10 }, (_, index) => `maker-${index}@example.org`)

describe('a mail', () => {
  test('leaves once, as it was written, for its one recipient', async () => {
    const server = await startMailServer()
    const desk = await mailDesk(toPort(server.port))
    await desk.queue(EVA)
    expect(await desk.send()).toBe(1)
    expect(await desk.send()).toBe(0)
    expect(server.arrived.map(({ to }) => to)).toEqual([[EVA]])
    const source = server.arrived[0]?.source
    expect(source).toContain('Subject: Your link\r\n')
    expect(source).toContain('From: Maat <no-reply@maat.example>\r\n')
    expect(source).toContain(`To: ${EVA}\r\n`)
    expect(source).toContain('Auto-Submitted: auto-generated\r\n')
    expect(source).toContain(`Follow ${TOKEN}`)
    expect(await mailRows(desk)).toMatchObject([{ isSent: true, failure: null, attempts: 1 }])
  })

  test('of a transaction that was undone was never there', async () => {
    const desk = await mailDesk(failing('unreachable'))
    const message = { to: EVA, subject: 'Undone', text: '' }
    const undone = desk.kysely.transaction().execute(async (trx) => {
      await queueMail(trx, desk.vault, { accountId: ACCOUNT, message, now: desk.now() })
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await mailRows(desk)).toEqual([])
  })

  test('of one name is there once, whoever puts it there and however often', async () => {
    const desk = await mailDesk(failing('unreachable'))
    const message = { to: EVA, subject: 'Once', text: '' }
    const queue = (): Promise<void> =>
      queueMail(desk.kysely, desk.vault, {
        accountId: ACCOUNT,
        message,
        now: desk.now(),
        name: 'once',
      })
    await Promise.all([queue(), queue(), queue()])
    await queue()
    expect(await mailRows(desk)).toHaveLength(1)
  })

  test('leaves once from two gateways that send at the same time', async () => {
    const server = await startMailServer()
    const desk = await mailDesk(toPort(server.port))
    await desk.queue(...TEN)
    const counts = await Promise.all([desk.send(), desk.send()])
    expect(counts.reduce((sum, count) => sum + count)).toBe(10)
    expect(server.arrived).toHaveLength(10)
    expect(new Set(server.arrived.map(({ to }) => to[0]))).toEqual(new Set(TEN))
  })

  test('that does not open waits, and keeps no other back', async () => {
    const server = await startMailServer()
    const desk = await mailDesk(toPort(server.port))
    await desk.queue(EVA, 'ada@example.org')
    await desk.database.pool.query(
      'update mail set account_id = gen_random_uuid() where id = (select id from mail order by id limit 1)',
    )
    expect(await desk.send()).toBe(1)
    expect((await mailRows(desk)).map(({ isSent }) => isSent)).toEqual([false, true])
  })
})

describe('a server that is away', () => {
  test('keeps mails waiting, and gets them once it is back', async () => {
    const first = await startMailServer()
    const desk = await mailDesk(toPort(first.port))
    await first.close()
    await desk.queue(EVA)
    expect(await desk.send()).toBe(0)
    expect(await mailRows(desk)).toEqual([
      { isSent: false, failure: null, attempts: 1, minutes: 1 },
    ])
    const second = await startMailServer({ port: first.port })
    expect(await desk.send()).toBe(0)
    desk.pass(1)
    expect(await desk.send()).toBe(1)
    expect(second.arrived.map(({ to }) => to)).toEqual([[EVA]])
  })

  test('ends the round: what was not tried is still due', async () => {
    const desk = await mailDesk(failing('unreachable'))
    await desk.queue(...TEN)
    await desk.send()
    const attempts = (await mailRows(desk)).map((row) => row.attempts)
    expect(attempts).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
  })

  test('is one as well that greets nobody, asks for a password that is not known, or says that it goes', async () => {
    const closing = await startMailServer({
      onConnect: (_session, done) => done(refusal(421, '4.3.2 going down')),
    })
    const strict = await startMailServer({ authOptional: false })
    for (const { port } of [closing, strict]) {
      const desk = await mailDesk(toPort(port))
      await desk.queue(EVA)
      await desk.send()
      expect(await mailRows(desk)).toMatchObject([{ failure: null, attempts: 1, minutes: 1 }])
    }
  })
})

describe('what fails', () => {
  test('comes round again after 1, 5, 15 and 60 minutes, then every hour, and is given up after three days', async () => {
    const desk = await mailDesk(failing('postponed'))
    await desk.queue(EVA)
    const waits: number[] = []
    while (true) {
      await desk.send()
      const [row] = await mailRows(desk)
      if (row === undefined || row.failure !== null) break
      waits.push(row.minutes)
      desk.pass(row.minutes)
    }
    expect(waits.slice(0, 6)).toEqual([1, 5, 15, 60, 60, 60])
    const waited = waits.reduce((sum, minutes) => sum + minutes)
    expect(waited).toBeGreaterThanOrEqual(3 * 1440)
    expect(waited).toBeLessThan(3 * 1440 + 60)
    expect(desk.logged.at(-1)).toContain('A mail was given up.')
    desk.pass(10_000)
    await desk.send()
    expect(await mailRows(desk)).toMatchObject([{ attempts: waits.length + 1, isSent: false }])
  })

  test.each([
    ['a recipient that is refused for good', 550, `5.1.1 <${EVA}>: no such user`, 'EENVELOPE 550'],
    ['a recipient that is refused for now', 451, `4.2.1 <${EVA}>: try later`, null],
    ['a recipient that is refused by policy', 550, `5.7.1 <${EVA}>: relaying denied`, null],
  ])('%s keeps no other back', async (_case, code, said, failure) => {
    const server = await startMailServer({
      onRcptTo({ address }, _session, done) {
        done(address === EVA ? refusal(code, said) : null)
      },
    })
    const desk = await mailDesk(toPort(server.port))
    await desk.queue(EVA, 'ada@example.org')
    expect(await desk.send()).toBe(1)
    expect(await mailRows(desk)).toMatchObject([
      { isSent: false, failure, attempts: 1, minutes: failure === null ? 1 : 10 },
      { isSent: true },
    ])
  })

  test('is told by id and code: no address, subject, token or word of the server', async () => {
    const server = await startMailServer({
      onRcptTo: ({ address }, _session, done) => done(refusal(550, `5.1.1 <${address}> unknown`)),
    })
    const desk = await mailDesk(toPort(server.port))
    await desk.queue(EVA)
    await desk.send()
    expect(desk.logged).toHaveLength(1)
    const { rows } = await desk.database.pool.query(
      'select id, failure, to_json(mail) as row from mail',
    )
    const told = [...desk.logged, JSON.stringify(rows[0]?.row)].join('\n')
    expect(told).toContain(rows[0]?.id)
    for (const secret of [EVA, 'eva', 'example.org', TOKEN, 'Your link', 'unknown']) {
      expect(told).not.toContain(secret)
    }
  })
})

test('a mail that a gateway took and never told of again is sent by another after ten minutes', async () => {
  const server = await startMailServer()
  const desk = await mailDesk(toPort(server.port))
  await desk.queue(EVA)
  const hung: MailTransport = { send: () => new Promise(() => {}), close: () => {} }
  const taken = Promise.withResolvers<void>()
  void desk.send({
    transport: {
      ...hung,
      send(mail) {
        taken.resolve()
        return hung.send(mail)
      },
    },
  })
  await taken.promise
  desk.pass(9)
  expect(await desk.send()).toBe(0)
  desk.pass(1)
  expect(await desk.send()).toBe(1)
})

test('nothing is begun once the signal is given, and what is under way is completed', async () => {
  const end = new AbortController()
  const desk = await mailDesk({
    async send() {
      end.abort()
      return null
    },
    close: () => {},
  })
  await desk.queue(...TEN)
  expect(await desk.send({ signal: end.signal })).toBe(5)
  expect((await mailRows(desk)).filter(({ isSent }) => isSent)).toHaveLength(5)
})

test('mails that were sent go after a week, named ones stay, those of an account that is gone go in any case', async () => {
  const desk = await mailDesk({ send: async () => null, close: () => {} })
  const accountId = await insertAccount(desk.database, desk.vault)
  const queue = (owner: string, name?: string): Promise<void> =>
    queueMail(desk.kysely, desk.vault, {
      accountId: owner,
      message: { to: EVA, subject: 'x', text: '' },
      now: desk.now(),
      ...(name === undefined ? {} : { name }),
    })
  await queue(accountId)
  await queue(accountId, 'kept')
  await queue(ACCOUNT, 'of nobody')
  await desk.send()
  desk.pass(7 * 1440 - 1)
  expect(await dropOldMails(desk.kysely, desk.now())).toBe(0)
  await queue(accountId, 'waits')
  desk.pass(2)
  expect(await dropOldMails(desk.kysely, desk.now())).toBe(2)
  const names = await desk.kysely.selectFrom('mail').select('name').orderBy('id').execute()
  expect(names.map(({ name }) => name)).toEqual(['kept', 'waits'])
})

function failing(kind: MailError['kind']): MailTransport {
  return { send: () => Promise.reject(new MailError(kind, 'ETEST')), close: () => {} }
}
