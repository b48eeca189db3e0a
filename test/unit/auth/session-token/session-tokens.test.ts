import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'

import { exportJWK } from 'jose'
import { describe, expect, test } from 'vitest'

import { createSessionTokens } from '../../../../src/auth/session-token/session-tokens.ts'
import { createSigningKeys } from '../../../../src/auth/session-token/signing-keys.ts'
import { ApiError } from '../../../../src/errors.ts'
import { formatId } from '../../../../src/ids.ts'
import { createKeyRing, withFreshKey } from '../../../../src/vault/key-ring.ts'
import { createVault } from '../../../../src/vault/vault.ts'
import { encodePart, forgeToken } from '../../../support/forged-token.ts'

const ISSUER = 'https://maat.example'
const NOW = Date.parse('2026-02-01T12:00:00Z')
const SECOND = NOW / 1000
const SESSION = {
  accountId: '018f4e6a-0000-7000-8000-000000000001',
  sessionId: '018f4e6a-0000-7000-8000-000000000002',
}

// Two keys: the one before the last rotation, and the one in use.
const vault = createVault(withFreshKey(createKeyRing(), 'sessions'))
const keys = createSigningKeys(vault)
const clock = { nowMs: NOW }
const tokens = createSessionTokens({ keys, issuer: ISSUER, clock: () => new Date(clock.nowMs) })

const current = keys.current()
const [before = current] = keys.all()
const strange = generateKeyPairSync('ed25519')
const jwk = await exportJWK(current.publicKey)
const strangeJwk = await exportJWK(strange.publicKey)

const HEADER = { alg: 'EdDSA', typ: 'at+jwt', kid: current.id }
const CLAIMS = {
  iss: ISSUER,
  aud: ISSUER,
  sub: formatId('acc', SESSION.accountId),
  sid: formatId('ses', SESSION.sessionId),
  jti: 'b6a9a9de-4e5c-4c1e-9f0c-0f6b8a3c8a11',
  iat: SECOND,
  exp: SECOND + 600,
}

type Members = Readonly<Record<string, unknown>>

/** A token as good as ours, but for these members; undefined takes one away. */
function forged(over: { header?: Members; claims?: Members; key?: typeof strange.privateKey }) {
  return forgeToken({
    header: { ...HEADER, ...over.header },
    claims: { ...CLAIMS, ...over.claims },
    key: over.key ?? current.privateKey,
  })
}

const good = forged({})
const [goodHeader = '', goodClaims = '', goodSignature = ''] = good.split('.')

function hmacToken(secret: string | Buffer): string {
  const signed = `${encodePart({ ...HEADER, alg: 'HS256' })}.${goodClaims}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

/** The signature with other unused bits at its end: the same bytes to a decoder that does not look. */
function otherSpelling(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(goodSignature.at(-1) ?? '')
  return `${goodSignature.slice(0, -1)}${alphabet[last ^ 1]}`
}

test('the token that the bad ones are made from is good', async () => {
  expect(await tokens.verify(good)).toEqual({
    kind: 'own',
    ...SESSION,
    tokenId: CLAIMS.jti,
    expiresAtMs: NOW + 600_000,
  })
})

test('the other spelling of a signature decodes to the same bytes', () => {
  const bytes = Buffer.from(otherSpelling(), 'base64url')
  expect(otherSpelling()).not.toBe(goodSignature)
  expect(bytes.equals(Buffer.from(goodSignature, 'base64url'))).toBe(true)
})

describe('a bad token is refused with 401, and nobody is told what is wrong with it', () => {
  const BAD: readonly (readonly [what: string, token: string])[] = [
    ['alg none without a signature', `${encodePart({ ...HEADER, alg: 'none' })}.${goodClaims}.`],
    ['alg none with a signature', forged({ header: { alg: 'none' } })],
    ['alg NONE', forged({ header: { alg: 'NONE' } })],
    ['no alg', forged({ header: { alg: undefined } })],
    ['HS256 with the public key as secret', hmacToken(Buffer.from(jwk.x ?? '', 'base64url'))],
    [
      'HS256 with the public key in PEM as secret',
      hmacToken(current.publicKey.export({ type: 'spki', format: 'pem' })),
    ],
    ['HS256 with an empty secret', hmacToken('')],
    ['alg ES256 over an Ed25519 signature', forged({ header: { alg: 'ES256' } })],
    ['alg RS256 over an Ed25519 signature', forged({ header: { alg: 'RS256' } })],
    ['alg Ed25519, the other name of the same', forged({ header: { alg: 'Ed25519' } })],
    ['the kid of another key of ours', forged({ header: { kid: before.id } })],
    ['an unknown kid', forged({ header: { kid: 'kdeadbeef' } })],
    ['a kid that is a path', forged({ header: { kid: '../../dev/null' } })],
    ['a kid that is a name of every object', forged({ header: { kid: '__proto__' } })],
    ['a kid that is a number', forged({ header: { kid: 0 } })],
    ['no kid', forged({ header: { kid: undefined } })],
    ['the key of a stranger', forged({ key: strange.privateKey })],
    [
      'the key of a stranger embedded in the header',
      forged({ header: { jwk: strangeJwk }, key: strange.privateKey }),
    ],
    [
      'the address of the keys of a stranger',
      forged({ header: { jku: 'https://evil.example/jwks.json' }, key: strange.privateKey }),
    ],
    [
      'the address of a certificate of a stranger',
      forged({ header: { x5u: 'https://evil.example/x5' }, key: strange.privateKey }),
    ],
    ['an extension that must be understood', forged({ header: { crit: ['sudo'], sudo: true } })],
    ['an empty list of such extensions', forged({ header: { crit: [] } })],
    ['claims that are not encoded', forged({ header: { crit: ['b64'], b64: false } })],
    ['typ JWT', forged({ header: { typ: 'JWT' } })],
    ['the typ of another kind of token', forged({ header: { typ: 'logout+jwt' } })],
    ['no typ', forged({ header: { typ: undefined } })],
    ['no exp', forged({ claims: { exp: undefined } })],
    ['an exp that is text', forged({ claims: { exp: '9999999999' } })],
    ['an exp that is past beyond the tolerance', forged({ claims: { exp: SECOND - 5 } })],
    ['no iat', forged({ claims: { iat: undefined } })],
    ['an iat that is text', forged({ claims: { iat: String(SECOND) } })],
    ['an iat ahead of us', forged({ claims: { iat: SECOND + 6 } })],
    [
      'an iat more than ten minutes ago, whatever exp says',
      forged({ claims: { iat: SECOND - 606, exp: SECOND + 3600 } }),
    ],
    ['an nbf ahead of us', forged({ claims: { nbf: SECOND + 6 } })],
    ['an nbf that is text', forged({ claims: { nbf: '0' } })],
    ['no sub', forged({ claims: { sub: undefined } })],
    ['a sub that is a UUID', forged({ claims: { sub: SESSION.accountId } })],
    ['a sub that is no account', forged({ claims: { sub: CLAIMS.sid } })],
    ['no sid', forged({ claims: { sid: undefined } })],
    ['a sid that is no session', forged({ claims: { sid: CLAIMS.sub } })],
    ['a sid in a list', forged({ claims: { sid: [CLAIMS.sid] } })],
    ['no jti', forged({ claims: { jti: undefined } })],
    ['a jti that is a number', forged({ claims: { jti: 1 } })],
    ['no iss', forged({ claims: { iss: undefined } })],
    ['the iss of another', forged({ claims: { iss: 'https://maat.example.evil.example' } })],
    ['our iss with a slash', forged({ claims: { iss: `${ISSUER}/` } })],
    ['no aud', forged({ claims: { aud: undefined } })],
    ['the aud of another', forged({ claims: { aud: 'https://shop.example' } })],
    ['claims that are a list', forgeToken({ header: HEADER, claims: [CLAIMS], ...signedByUs() })],
    ['claims that are null', forgeToken({ header: HEADER, claims: null, ...signedByUs() })],
    [
      'changed claims',
      `${goodHeader}.${encodePart({ ...CLAIMS, exp: SECOND + 999 })}.${goodSignature}`,
    ],
    ['a changed header', `${encodePart({ ...HEADER, x: 1 })}.${goodClaims}.${goodSignature}`],
    ['a changed signature', `${goodHeader}.${goodClaims}.${flipped(goodSignature)}`],
    ['another spelling of the signature', `${goodHeader}.${goodClaims}.${otherSpelling()}`],
    ['a padded signature', `${good}==`],
    ['a signature cut short', good.slice(0, -4)],
    ['a longer signature', `${good}AAAA`],
    ['an empty signature', `${goodHeader}.${goodClaims}.`],
    [
      'a signature of zeros',
      `${goodHeader}.${goodClaims}.${Buffer.alloc(64).toString('base64url')}`,
    ],
    [
      'the signature of another token',
      `${goodHeader}.${goodClaims}.${forged({ claims: { jti: 'x' } }).split('.')[2]}`,
    ],
    ['two parts', `${goodHeader}.${goodClaims}`],
    ['four parts', `${good}.${goodSignature}`],
    [
      'the five parts of an encrypted token',
      [encodePart({ alg: 'dir', enc: 'A256GCM' }), '', 'AAAA', 'AAAA', 'AAAA'].join('.'),
    ],
    ['the token twice', `${good}, ${good}`],
    ['a token with space around it', ` ${good}`],
    ['a token with a line break within', `${goodHeader}.\n${goodClaims}.${goodSignature}`],
    [
      'the JSON form of a signature',
      JSON.stringify({ protected: goodHeader, payload: goodClaims, signature: goodSignature }),
    ],
    ['a header that is no JSON', `AAAA.${goodClaims}.${goodSignature}`],
    ['nothing', ''],
    ['dots', '..'],
    ['more than 4 kB, though signed by us', forged({ claims: { more: 'x'.repeat(4096) } })],
    ['a megabyte', `${goodHeader}.${'A'.repeat(1_000_000)}.${goodSignature}`],
    ['a refresh token', `maat_rt_${randomBytes(32).toString('base64url')}`],
  ]

  test.each(BAD)('%s', async (_what, token) => {
    const error: unknown = await tokens.verify(token).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect({ error, cause: error instanceof ApiError && error.originalError }).toMatchObject({
      error: {
        code: 'UNAUTHENTICATED',
        message: 'Present a valid API key or session.',
        extensions: { code: 'UNAUTHENTICATED' },
      },
      cause: undefined,
    })
  })

  test('each is another one', () => {
    expect(new Set(BAD.map(([, token]) => token)).size).toBe(BAD.length)
  })
})

test('a token that was issued is good for ten minutes, and names account and session by their ids', async () => {
  const { token, expiresAt } = await tokens.issue(SESSION)
  expect(expiresAt).toEqual(new Date(NOW + 600_000))
  expect(decoded(token, 0)).toEqual(HEADER)
  expect(decoded(token, 1)).toEqual({ ...CLAIMS, jti: expect.stringMatching(/^[\da-f-]{36}$/) })
  clock.nowMs = NOW + 599_000
  expect(await tokens.verify(token)).toMatchObject({ ...SESSION, expiresAtMs: NOW + 600_000 })
  clock.nowMs = NOW + 606_000
  await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  clock.nowMs = NOW
})

test('no two tokens have the same id', async () => {
  const issued = [await tokens.issue(SESSION), await tokens.issue(SESSION)]
  const ids = issued.map(({ token }) => (decoded(token, 1) as { jti: string }).jti) // as issued above
  expect(new Set(ids).size).toBe(2)
})

test('what the key before the last rotation signed is good', async () => {
  const old = forged({ header: { kid: before.id }, key: before.privateKey })
  expect(before.id).not.toBe(current.id)
  expect(await tokens.verify(old)).toMatchObject(SESSION)
})

test('the published keys are public, and all that verify', async () => {
  const { keys: published } = await tokens.jwks()
  expect(published).toEqual(
    [before, current].map(({ id }) => ({
      kty: 'OKP',
      crv: 'Ed25519',
      x: expect.stringMatching(/^[\w-]{43}$/),
      kid: id,
      alg: 'EdDSA',
      use: 'sig',
    })),
  )
  expect(published[1]?.x).toBe(jwk.x)
})

function signedByUs() {
  return { key: current.privateKey }
}

function flipped(signature: string): string {
  return `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
}

function decoded(token: string, part: 0 | 1): unknown {
  return JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString())
}
