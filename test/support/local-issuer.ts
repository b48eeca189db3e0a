import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'

import type { Issuer } from '../../src/config.ts'
import { whenDone } from './when-done.ts'

/** An issuer of tokens on this machine, with keys that it publishes over HTTP. */
export interface LocalIssuer {
  readonly config: Issuer
  /** How often its keys were asked for. */
  readonly questions: () => number
  /** Publishes a fresh key for this algorithm besides those that it has, and signs with it from now on. */
  readonly addKey: (alg: string) => Promise<void>
  /** A good token for the account with this name, but for these members; undefined takes one away. */
  readonly sign: (name: unknown, over?: TokenChanges) => Promise<string>
  /** Answers questions for its keys in this way from now on; null: as it should. */
  readonly answerWith: (answer: ((response: ServerResponse) => void) | null) => void
  /** Nobody answers at its address from now on. */
  readonly stop: () => Promise<void>
}

export interface TokenChanges {
  readonly header?: Partial<JWTHeaderParameters>
  readonly claims?: JWTPayload
  readonly key?: CryptoKey
}

/** Starts an issuer whose first key is for this algorithm. It ends with the test. */
export async function startIssuer(alg: string, over: Partial<Issuer> = {}): Promise<LocalIssuer> {
  const published: JWK[] = []
  let signing: { readonly key: CryptoKey; readonly kid: string; readonly alg: string } | undefined
  let answer: ((response: ServerResponse) => void) | null = null
  let questions = 0
  const server = createServer((_request, response) => {
    questions += 1
    if (answer !== null) return answer(response)
    response.setHeader('Content-Type', 'application/jwk-set+json')
    response.end(JSON.stringify({ keys: published }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server's address is never a string.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const config = { issuer: origin, jwks: `${origin}/jwks`, audience: 'maat', claim: 'sub', ...over }

  async function addKey(of: string): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(of)
    const kid = `key-${published.length}`
    published.push({ ...(await exportJWK(publicKey)), kid, alg: of })
    signing = { key: privateKey, kid, alg: of }
  }

  async function stop(): Promise<void> {
    if (!server.listening) return
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }

  await addKey(alg)
  whenDone(stop)
  return {
    config,
    questions: () => questions,
    addKey,
    sign(name, { header = {}, claims = {}, key } = {}) {
      if (signing === undefined) throw new Error('The issuer has no key.')
      const second = Math.floor(Date.now() / 1000)
      const { issuer: iss, audience: aud, claim } = config
      return new SignJWT({ iss, aud, [claim]: name, iat: second, exp: second + 300, ...claims })
        .setProtectedHeader({ alg: signing.alg, kid: signing.kid, ...header })
        .sign(key ?? signing.key)
    },
    answerWith(given) {
      answer = given
    },
    stop,
  }
}
