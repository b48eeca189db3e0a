import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'

import { StartError } from '../../src/errors.ts'
import { createCorsPolicy } from '../../src/http/cors.ts'
import { createHttpServer } from '../../src/http/server.ts'
import type { Operation } from '../../src/schema/plan/operation.ts'
import { testGateway } from '../support/gateway.ts'
import { sendRequest } from '../support/http-request.ts'
import { whenDone } from '../support/when-done.ts'

const ANYWHERE = { port: 0, host: '127.0.0.1' }

describe('a server that starts', () => {
  test('is alive, not ready, and answers 503 to everything else', async () => {
    const { origin } = await listening()
    const paths = ['/livez', '/readyz', '/graphql', '/nowhere']
    const answers = await Promise.all(paths.map((path) => sendRequest(origin, { path })))
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 503, 503])
    expect(answers[2]?.headers['retry-after']).toBe('1')
    expect(JSON.parse(answers[2]?.body ?? '').errors[0].extensions.code).toBe('UNAVAILABLE')
  })

  test('lets a page of another origin read that it is starting', async () => {
    const { origin } = await listening()
    const headers = { origin: 'https://app.example' }
    const preflight = await sendRequest(origin, { method: 'OPTIONS', headers })
    expect(preflight.status).toBe(204)
    const { status, headers: fields } = await sendRequest(origin, { method: 'POST', headers })
    expect([status, fields['access-control-allow-origin']]).toEqual([503, '*'])
  })

  test('on a port that is taken says so, and what to do', async () => {
    const { port } = await listening()
    const second = createHttpServer({ cors: createCorsPolicy([]), log: SILENT })
    const start = second.listen({ port, host: '127.0.0.1' })
    await expect(start).rejects.toThrow(StartError)
    await expect(start).rejects.toThrow(
      `127.0.0.1:${port} is in use by another process. Stop it, or set PORT to a free port.`,
    )
  })
})

describe('a server that serves', () => {
  test('is ready while its database is up', async () => {
    const { server, origin } = await listening()
    let isUp = true
    server.serve({}, () => Promise.resolve(isUp))
    expect((await sendRequest(origin, { path: '/readyz' })).status).toBe(200)
    isUp = false
    expect(await sendRequest(origin, { path: '/readyz' })).toMatchObject({
      status: 503,
      body: '{"status":"not ready"}',
    })
  })

  test('aborts an operation whose client is gone', async () => {
    const { compileOperation, started, aborted } = controlled()
    const { origin } = await testGateway({ compileOperation })
    const socket = connect(Number(new URL(origin).port), '127.0.0.1')
    const body = '{"query":"{ me { username } }"}'
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await started
    socket.destroy()
    await expect(aborted).resolves.toBe('aborted')
  })
})

describe('what is no request is answered as everything else is, and the connection ends:', () => {
  test.each([
    ['bytes that are not HTTP', 'GARBAGE\r\n\r\n', 400],
    ['fields of more than 16 kB', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ])('%s', async (_case, bytes, status) => {
    const { port } = await listening()
    const answer = await exchangeBytes(port, bytes)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(head).toMatch(/\r\nX-Request-Id: [0-9a-f-]{36}/)
    expect(head).toContain("\r\nContent-Security-Policy: default-src 'none'")
    expect(JSON.parse(body).errors[0].extensions.code).toMatch(/^[A-Z_]+$/)
  })

  test('a broken chunk of a body that is being read', async () => {
    const { origin } = await testGateway()
    const answer = await exchangeBytes(
      Number(new URL(origin).port),
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1)
  })

  test('an expectation that nobody knows changes nothing', async () => {
    const { origin } = await listening()
    const answer = await sendRequest(origin, { path: '/livez', headers: { expect: 'tea' } })
    expect([answer.status, answer.body]).toEqual([200, '{"status":"alive"}'])
  })
})

describe('a server that closes', () => {
  test('is not ready any more, and still serves until then', async () => {
    const { origin, server, send } = await testGateway()
    server.retire()
    expect((await sendRequest(origin, { path: '/readyz' })).status).toBe(503)
    const { status, headers } = await send({ path: '/graphql?query={__typename}' })
    expect([status, headers.connection]).toEqual([200, 'close'])
  })

  test('answers what is in flight, and then ends', async () => {
    const { compileOperation, started, finish } = controlled()
    const { post, server, send } = await testGateway({ compileOperation })
    const answer = post('{ me { username } }')
    await started
    const closed = server.close(25_000)
    finish()
    expect((await answer).data).toEqual({ finished: true })
    await closed
    await expect(send({})).rejects.toThrow('ECONNREFUSED')
  })

  test('cuts off what is still in flight after the limit', async () => {
    const { compileOperation, started } = controlled()
    const { post, server } = await testGateway({ compileOperation })
    const answer = post('{ me { username } }').catch((error: unknown) => String(error))
    await started
    await server.close(10)
    expect(await answer).toContain('socket hang up')
  })

  test('does not wait for connections without a request', async () => {
    const { origin, server } = await testGateway()
    const silent = connect(Number(new URL(origin).port), '127.0.0.1')
    const agent = new Agent({ keepAlive: true })
    const kept = request(`${origin}/livez`, { agent }).end()
    const [response] = await once(kept, 'response')
    response.resume()
    await once(response, 'end')
    const start = performance.now()
    await server.close(25_000)
    expect(performance.now() - start).toBeLessThan(1_500)
    silent.destroy()
    agent.destroy()
  })
})

const SILENT = { error: () => {}, warn: () => {} }

async function listening() {
  const server = createHttpServer({ cors: createCorsPolicy([]), log: SILENT })
  const port = await server.listen(ANYWHERE)
  whenDone(() => server.close(0))
  return { server, port, origin: `http://127.0.0.1:${port}` }
}

/** Everything that comes back for these bytes, until the other side ends the connection. */
async function exchangeBytes(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}

/** Operations that run until they are told to finish, or are aborted. */
function controlled() {
  const started = Promise.withResolvers<void>()
  const aborted = Promise.withResolvers<string>()
  const finished = Promise.withResolvers<void>()
  const compileOperation = (): Operation => ({
    kind: 'query',
    rootFields: ['me'],
    keptBytes: 0,
    made: 0,
    plan: () => ({
      statement: null,
      fixedCharacters: 0,
      counted: [],
      introspectionObjects: null,
      problems: () => [],
      async run({ signal }) {
        signal?.addEventListener('abort', () => aborted.resolve('aborted'))
        started.resolve()
        await finished.promise
        return { data: '{"finished":true}', counts: [] }
      },
    }),
  })
  return {
    compileOperation,
    started: started.promise,
    aborted: aborted.promise,
    finish: () => finished.resolve(),
  }
}
