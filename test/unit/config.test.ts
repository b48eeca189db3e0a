import { describe, expect, test } from 'vitest'

import { gatewayEnvironment, VARIABLES, readConfig } from '../../src/config.ts'
import { StartError } from '../../src/errors.ts'

const ISSUER = {
  issuer: 'https://id.example',
  jwks: 'https://id.example/keys',
  audience: 'maat',
}

/** A list of one issuer as it should be, but for these members; undefined takes one away. */
function issuers(over: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([{ ...ISSUER, ...over }])
}

test('an empty environment means the embedded database with demo data, on this machine alone', () => {
  expect(readConfig({})).toEqual({
    port: 4000,
    host: '127.0.0.1',
    databaseUrl: null,
    redisUrl: null,
    preparedStatements: true,
    data: `${process.cwd()}/.maat`,
    keys: `${process.cwd()}/.maat/keys.json`,
    demo: true,
    publicUrl: null,
    corsOrigins: [],
    issuers: [],
    trustedProxies: [],
    mode: 'enforce',
    policies: null,
    oversightPolicy: null,
    contact: null,
    smtpUrl: null,
    mailFrom: 'Maat <no-reply@localhost>',
    keyLifetime: { secondsMin: 60, secondsMax: 31_536_000 },
    ledgerKept: { recordDays: 90, usageMonths: 25 },
    bill: {
      currency: 'EUR',
      prices: { databaseSecond: 0, cpuSecond: 0, gigabyte: 0 },
      ceiling: null,
    },
    metricsToken: null,
    drainWaitMs: 0,
    logLevel: 'warn',
  })
})

test('every variable finds its place', () => {
  const config = readConfig({
    PORT: '0',
    HOST: '::1',
    DATABASE_URL: 'postgres://app@db/maat',
    REDIS_URL: 'rediss://app:secret@cache:6380/2',
    MAAT_PREPARED_STATEMENTS: '0',
    MAAT_DATA: '/var/maat',
    MAAT_KEYS: '/etc/maat/keys.json',
    MAAT_DEMO: '1',
    MAAT_PUBLIC_URL: 'https://api.example.org/maat/',
    MAAT_CORS_ORIGINS: 'https://a.example, http://localhost:3000',
    MAAT_ISSUERS:
      '[{"issuer": "https://id.example", "jwks": "https://id.example/keys", "audience": "maat"}]',
    MAAT_SMTP_URL: 'smtps://app:secret@mail.example',
    MAAT_MAIL_FROM: 'Maat <maat@example.org>',
    MAAT_KEY_LIFETIME: '1h-90d',
    MAAT_TRUSTED_PROXIES: '192.0.2.1, 10.0.0.0/8,fd00::/8,::1',
    MAAT_MODE: 'measure',
    MAAT_POLICIES: '/etc/maat/policies.json',
    MAAT_OVERSIGHT_POLICY: '/etc/maat/oversight.json',
    MAAT_CONTACT: 'ops@example.org',
    MAAT_RECORD_DAYS: '30',
    MAAT_USAGE_MONTHS: '12',
    MAAT_CURRENCY: 'CHF',
    MAAT_PRICE_DATABASE_SECOND: '0.00002',
    MAAT_PRICE_CPU_SECOND: '0.00001',
    MAAT_PRICE_GIGABYTE: '0.09',
    MAAT_MONTH_CEILING: '99.50',
    MAAT_METRICS_TOKEN: 'a'.repeat(32),
    MAAT_DRAIN_WAIT: '5s',
    LOG_LEVEL: 'info',
  })
  expect(config).toEqual({
    port: 0,
    host: '::1',
    databaseUrl: 'postgres://app@db/maat',
    redisUrl: 'rediss://app:secret@cache:6380/2',
    preparedStatements: false,
    data: '/var/maat',
    keys: '/etc/maat/keys.json',
    demo: true,
    publicUrl: 'https://api.example.org/maat',
    corsOrigins: ['https://a.example', 'http://localhost:3000'],
    issuers: [
      {
        issuer: 'https://id.example',
        jwks: 'https://id.example/keys',
        audience: 'maat',
        claim: 'sub',
      },
    ],
    smtpUrl: 'smtps://app:secret@mail.example',
    mailFrom: 'Maat <maat@example.org>',
    keyLifetime: { secondsMin: 3600, secondsMax: 7_776_000 },
    trustedProxies: ['192.0.2.1', '10.0.0.0/8', 'fd00::/8', '::1'],
    mode: 'measure',
    policies: '/etc/maat/policies.json',
    oversightPolicy: '/etc/maat/oversight.json',
    contact: 'ops@example.org',
    ledgerKept: { recordDays: 30, usageMonths: 12 },
    bill: {
      currency: 'CHF',
      prices: { databaseSecond: 0.00002, cpuSecond: 0.00001, gigabyte: 0.09 },
      ceiling: 99.5,
    },
    metricsToken: 'a'.repeat(32),
    drainWaitMs: 5000,
    logLevel: 'info',
  })
})

test('the configuration is frozen', () => {
  const config = readConfig({})
  expect(Object.isFrozen(config)).toBe(true)
  expect(Object.isFrozen(config.corsOrigins)).toBe(true)
  expect(Object.isFrozen(config.trustedProxies)).toBe(true)
})

test('a database of one’s own is not filled with demo data', () => {
  expect(readConfig({ DATABASE_URL: 'postgres://db/maat' }).demo).toBe(false)
})

test('a path is taken from the folder of the process', () => {
  expect(readConfig({ MAAT_POLICIES: 'policies.json' }).policies).toBe(
    `${process.cwd()}/policies.json`,
  )
})

test.each([
  'redis://cache',
  'redis://:hunter2@127.0.0.1:6379',
  'rediss://cache/',
  'redis://[::1]/15',
])('%s is an address of Redis', (redisUrl) => {
  expect(readConfig({ REDIS_URL: redisUrl })).toMatchObject({ redisUrl })
})

test.each([
  'smtp://mail',
  'smtp://127.0.0.1:2525/',
  'smtp://app:hunter%202@mail.example.org:587',
  'smtps://[::1]:465',
])('%s is an address of a mail server', (smtpUrl) => {
  expect(readConfig({ MAAT_SMTP_URL: smtpUrl })).toMatchObject({ smtpUrl })
})

test.each(['maat@example.org', 'Maat <no-reply@localhost>', 'Schnittmuster_2 <m+1@a.example>'])(
  '%s may send mails',
  (mailFrom) => {
    expect(readConfig({ MAAT_MAIL_FROM: mailFrom })).toMatchObject({ mailFrom })
  },
)

test('an issuer may be on this machine, and its keys behind a query', () => {
  const issuer = {
    issuer: 'http://localhost:8080/realms/sewing',
    jwks: 'https://id.example/keys?realm=sewing',
    audience: 'maat',
    claim: 'https://maat.example/account',
  }
  expect(readConfig({ MAAT_ISSUERS: JSON.stringify([issuer]) }).issuers).toEqual([issuer])
})

test('this service is no other issuer', () => {
  const env = { MAAT_PUBLIC_URL: 'https://id.example/', MAAT_ISSUERS: issuers({}) }
  expect(() => readConfig(env)).toThrow(
    'MAAT_ISSUERS names MAAT_PUBLIC_URL; this service knows its own tokens.',
  )
})

test('an empty variable counts as absent', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}))
})

describe('a wrong value stops the start with name, finding and what is accepted', () => {
  const wrong: [keyof typeof VARIABLES, string][] = [
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['HOST', 'two words'],
    ['DATABASE_URL', 'mysql://app@db/maat'],
    ['MAAT_PREPARED_STATEMENTS', 'off'],
    ['MAAT_DEMO', 'yes'],
    ['MAAT_PUBLIC_URL', 'http://example.org'],
    ['MAAT_PUBLIC_URL', 'https://example.org/?a=1'],
    ['MAAT_PUBLIC_URL', 'example.org'],
    ['MAAT_CORS_ORIGINS', 'https://example.org/path'],
    ['MAAT_CORS_ORIGINS', 'https://example.org,'],
    ['REDIS_URL', 'cache:6379'],
    ['REDIS_URL', 'redis://'],
    ['REDIS_URL', 'http://cache:6379'],
    ['REDIS_URL', 'redis://cache/first'],
    ['REDIS_URL', 'redis://cache?family=6'],
    ['REDIS_URL', 'redis://cache/0#first'],
    ['MAAT_TRUSTED_PROXIES', 'loopback'],
    ['MAAT_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['MAAT_TRUSTED_PROXIES', '10'],
    ['MAAT_TRUSTED_PROXIES', '010.0.0.1'],
    ['MAAT_TRUSTED_PROXIES', '10.1/16'],
    ['MAAT_TRUSTED_PROXIES', '::1,'],
    ['MAAT_TRUSTED_PROXIES', '10.0.0.1:80'],
    ['MAAT_MODE', 'off'],
    ['MAAT_CONTACT', 'ask around'],
    ['MAAT_PUBLIC_URL', 'https://:secret@example.org'],
    ['MAAT_ISSUERS', 'https://id.example'],
    ['MAAT_ISSUERS', 'null'],
    ['MAAT_ISSUERS', JSON.stringify(ISSUER)],
    ['MAAT_ISSUERS', issuers({ issuer: undefined })],
    ['MAAT_ISSUERS', issuers({ issuer: 'id.example' })],
    ['MAAT_ISSUERS', issuers({ issuer: 'http://id.example' })],
    ['MAAT_ISSUERS', issuers({ issuer: 'https://id.example?a=1' })],
    ['MAAT_ISSUERS', issuers({ jwks: undefined })],
    ['MAAT_ISSUERS', issuers({ jwks: 'http://id.example/keys' })],
    ['MAAT_ISSUERS', issuers({ jwks: 'file:///etc/keys.json' })],
    ['MAAT_ISSUERS', issuers({ jwks: 'https://app:secret@id.example/keys' })],
    ['MAAT_ISSUERS', issuers({ jwks: 'https://id.example/keys#1' })],
    ['MAAT_ISSUERS', issuers({ audience: undefined })],
    ['MAAT_ISSUERS', issuers({ audience: '' })],
    ['MAAT_ISSUERS', issuers({ audience: ['maat', 'shop'] })],
    ['MAAT_ISSUERS', issuers({ claim: '' })],
    ['MAAT_ISSUERS', issuers({ claims: 'sub' })],
    ['MAAT_ISSUERS', JSON.stringify([ISSUER, ISSUER])],
    [
      'MAAT_ISSUERS',
      JSON.stringify(
        Array.from({ length: 21 }, (_, i) => ({ ...ISSUER, issuer: `https://${i}.example` })),
      ),
    ],
    ['MAAT_SMTP_URL', 'mail.example.org:25'],
    ['MAAT_SMTP_URL', 'smtp://'],
    ['MAAT_SMTP_URL', 'https://mail.example.org'],
    ['MAAT_SMTP_URL', 'smtp://mail/inbox'],
    ['MAAT_SMTP_URL', 'smtp://mail?secure=false'],
    ['MAAT_SMTP_URL', 'smtp://app@mail'],
    ['MAAT_SMTP_URL', 'smtp://app:100%@mail'],
    ['MAAT_MAIL_FROM', 'Maat'],
    ['MAAT_MAIL_FROM', 'Maat no-reply@localhost'],
    ['MAAT_MAIL_FROM', 'a@example.org, b@example.org'],
    ['MAAT_MAIL_FROM', 'Maat <a@example.org>\r\nBcc: b@example.org'],
    ['MAAT_MAIL_FROM', 'a@example.org\n'],
    ['MAAT_RECORD_DAYS', '0'],
    ['MAAT_USAGE_MONTHS', '1.5'],
    ['MAAT_CURRENCY', 'euro'],
    ['MAAT_PRICE_DATABASE_SECOND', '-1'],
    ['MAAT_PRICE_CPU_SECOND', '1e-5'],
    ['MAAT_PRICE_GIGABYTE', '0,09'],
    ['MAAT_MONTH_CEILING', '0'],
    ['MAAT_DRAIN_WAIT', '5'],
    ['MAAT_DRAIN_WAIT', '61s'],
    ['LOG_LEVEL', 'loud'],
  ]
  test.each(wrong)('%s=%s', (name, value) => {
    const accepted = VARIABLES[name].description ?? 'a description is missing'
    const isSecret = name.endsWith('_URL') && name !== 'MAAT_PUBLIC_URL'
    const found = isSecret ? '' : JSON.stringify(value)
    expect(() => readConfig({ [name]: value })).toThrow(StartError)
    expect(() => readConfig({ [name]: value })).toThrow(`${name} is ${found}`)
    expect(() => readConfig({ [name]: value })).toThrow(`accepted: ${accepted}.`)
  })
})

test('a free month has no ceiling to come near', () => {
  const ceiling = { MAAT_MONTH_CEILING: '99.50' }
  const accepted = 'MAAT_PRICE_DATABASE_SECOND or MAAT_PRICE_GIGABYTE above 0 with it'
  for (const free of [{}, { MAAT_PRICE_GIGABYTE: '0' }, { MAAT_PRICE_CPU_SECOND: '1' }])
    expect(() => readConfig({ ...ceiling, ...free })).toThrow(
      new StartError(`MAAT_MONTH_CEILING is 99.5; accepted: ${accepted}.`),
    )
  expect(readConfig({ ...ceiling, MAAT_PRICE_GIGABYTE: '0.01' }).bill.ceiling).toBe(99.5)
})

test('a wrong DATABASE_URL is never repeated: it may hold a password', () => {
  expect(() => readConfig({ DATABASE_URL: 'postgre://app:hunter2@db' })).toThrow(
    'DATABASE_URL is not an address of PostgreSQL; accepted: postgres://user:password@host:port/name',
  )
})

test('a wrong REDIS_URL is never repeated either', () => {
  expect(() => readConfig({ REDIS_URL: 'redis//:hunter2@cache' })).toThrow(
    /^REDIS_URL is not an address of Redis; accepted: redis:\/\/user:password@host:port\/number, or rediss:\/\/ for TLS\.$/,
  )
})

test('nor is a wrong MAAT_SMTP_URL', () => {
  expect(() => readConfig({ MAAT_SMTP_URL: 'smtp//:hunter2@mail' })).toThrow(
    /^MAAT_SMTP_URL is not an address of a mail server; accepted: smtp:\/\/user:password@host:port, or smtps:\/\/ for TLS from the start\.$/,
  )
})

test('nor is a wrong MAAT_METRICS_TOKEN', () => {
  expect(() => readConfig({ MAAT_METRICS_TOKEN: 'hunter2' })).toThrow(
    /^MAAT_METRICS_TOKEN is not such a token; accepted: 32 to 200 letters, digits and \. ~ \+ \/ = _ -\.$/,
  )
})

test('a misspelt name is refused, and the nearest one named', () => {
  expect(() => readConfig({ MAAT_CORS_ORIGIN: '*' })).toThrow(
    'MAAT_CORS_ORIGIN is not a variable of Maat; the nearest one is MAAT_CORS_ORIGINS.',
  )
})

test('names without the prefix belong to others', () => {
  expect(readConfig({ PORTS: 'x', EDITOR: 'ed' })).toEqual(readConfig({}))
})

test('a gateway of its own inherits everything but variables of Maat', () => {
  const env = { PATH: '/bin', PGSSLMODE: 'require', REDIS_URL: 'redis://a', MAAT_ISSUERS: '[]' }
  expect(gatewayEnvironment({ PORT: '0', MAAT_DEMO: '0' }, { ...env, DATABASE_URL: 'b' })).toEqual({
    PATH: '/bin',
    PGSSLMODE: 'require',
    PORT: '0',
    MAAT_DEMO: '0',
  })
})
