import type { SessionTokens } from '../auth/session-token/session-tokens.ts'
import type { Handler, Routes } from './router.ts'

/** The public keys of the tokens of sessions, for whoever checks them. */
export function jwksRoutes({ jwks }: Pick<SessionTokens, 'jwks'>): Routes {
  const answer: Handler = async (exchange) => {
    exchange.send({
      status: 200,
      headers: {
        'Content-Type': 'application/jwk-set+json; charset=utf-8',
        'Cache-Control': 'public, max-age=60',
      },
      body: JSON.stringify(await jwks()),
    })
  }
  return { '/.well-known/jwks.json': { GET: answer, HEAD: answer } }
}
