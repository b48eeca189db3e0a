import { type Acted, ask } from './act-client.ts'
import { testGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts'
import { sessionOf } from './session-principal.ts'

/** Somebody who writes: a person who is signed in, of an account of the database. */
export interface Writer {
  readonly accountId: string
  /** Asks for one mutation with the variable `input`, or any document with these variables. */
  readonly act: (document: string, variables: object, idempotencyKey?: string) => Promise<Acted>
}

export interface Writers {
  readonly gateway: TestGateway
  readonly writer: (
    username: string,
    standing?: Parameters<typeof sessionOf>[1],
    account?: Parameters<TestGateway['account']>[0],
  ) => Promise<Writer>
}

/** A gateway, and whoever writes through it. */
export async function testWriters(options: TestGatewayOptions = {}): Promise<Writers> {
  const gateway = await testGateway(options)
  return {
    gateway,
    async writer(username, standing = {}, account = {}) {
      const accountId = await gateway.account({ username, ...account })
      const principal = sessionOf(accountId, standing)
      return {
        accountId,
        act: (document, variables, idempotencyKey) =>
          ask(gateway, document, {
            principal,
            variables,
            caller: { idempotencyKey: idempotencyKey ?? null },
          }),
      }
    },
  }
}
