import { join, resolve } from 'node:path'

import ipaddr from 'ipaddr.js'
import { z } from 'zod'

import { StartError } from './errors.ts'
import { isLoopback } from './loopback.ts'
import { nearestName } from './nearest-name.ts'
import { parseDuration } from './parse-duration.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const MODES = ['enforce', 'measure'] as const

export interface Config {
  /** 0 asks the system for a free one. */
  readonly port: number
  readonly host: string
  /** Null is the embedded database. May hold a password: never printed. */
  readonly databaseUrl: string | null
  /** Where gateways keep budgets together; null: in the database. May hold a password: never printed. */
  readonly redisUrl: string | null
  /** Off behind PgBouncer in transaction mode, which forgets named statements and LISTEN. */
  readonly preparedStatements: boolean
  /** Absolute path of the data folder. */
  readonly data: string
  /** Absolute path of the key file. */
  readonly keys: string
  /** Whether a new database is filled with the demo data. */
  readonly demo: boolean
  /** Where clients reach the gateway, without a slash at its end; null where nobody said. */
  readonly publicUrl: string | null
  readonly corsOrigins: readonly string[]
  /** Other services whose tokens are accepted. */
  readonly issuers: readonly Issuer[]
  /** The mail server; null: mails are files in the data folder. May hold a password: never printed. */
  readonly smtpUrl: string | null
  /** Whom mails come from: an address, or a name and an address in angle brackets. */
  readonly mailFrom: string
  /** How long an API key may live from its making, both bounds included. */
  readonly keyLifetime: { readonly secondsMin: number; readonly secondsMax: number }
  /** Addresses, or networks in CIDR, of those whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[]
  /** Whether budgets refuse, or only say what they would have refused. */
  readonly mode: (typeof MODES)[number]
  /** Absolute path of the file with the operator's own policies; null where there is none. */
  readonly policies: string | null
  /** Absolute path of the file with policies that intervene; null: the built-in ones. */
  readonly oversightPolicy: string | null
  /** Whom a refused client may ask; null where nobody said. */
  readonly contact: string | null
  /** For how long single lines of the ledger are kept, in days, and its sums by hour and day, in months. */
  readonly ledgerKept: { readonly recordDays: number; readonly usageMonths: number }
  /** What use costs, and what a month (UTC) of it may cost, in units of a currency. */
  readonly bill: {
    /** Code of ISO 4217. */
    readonly currency: string
    /** 0 where it costs nothing. */
    readonly prices: {
      readonly databaseSecond: number
      readonly cpuSecond: number
      readonly gigabyte: number
    }
    /** null: there is no ceiling. */
    readonly ceiling: number | null
  }
  /** What opens /metrics to other machines; null: nothing does. Never printed. */
  readonly metricsToken: string | null
  /** From "not ready" until no connection is accepted any more. */
  readonly drainWaitMs: number
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

/** Another service whose tokens are accepted, by its own address. */
export interface Issuer {
  readonly issuer: string
  /** Where its public keys are. */
  readonly jwks: string
  readonly audience: string
  /** The claim that names an account here: by its id, or by its username. */
  readonly claim: string
}

const AMOUNT = 'an amount of the currency such as 0.09 or 0.00002'

/** Every variable of the environment that counts; its description says what is accepted. */
export const VARIABLES = {
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port <= 65_535)
    .default(4000)
    .describe('a port from 0 (any free one) to 65535'),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/)
    .default('127.0.0.1')
    .describe('an address or host name to listen on'),
  DATABASE_URL: z
    .string()
    .refine(isDatabaseUrl)
    .optional()
    .describe('postgres://user:password@host:port/name, of PostgreSQL 15 or later'),
  REDIS_URL: z
    .string()
    .refine(isRedisUrl)
    .optional()
    .describe('redis://user:password@host:port/number, or rediss:// for TLS'),
  MAAT_PREPARED_STATEMENTS: flag().describe('0 (behind PgBouncer in transaction mode) or 1'),
  MAAT_DATA: z.string().default('.maat').describe('the path of a folder'),
  MAAT_KEYS: z.string().optional().describe('the path of the key file'),
  MAAT_DEMO: flag().describe('0 or 1'),
  MAAT_PUBLIC_URL: z
    .string()
    .refine(isPublicUrl)
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('an https:// address without query, or http:// on this machine alone'),
  MAAT_CORS_ORIGINS: z
    .string()
    .transform(parts)
    .refine((origins) => origins.every(isOrigin))
    .default([])
    .describe('origins such as https://example.org between commas, or *'),
  MAAT_ISSUERS: z
    .string()
    .transform(parseJson)
    .pipe(
      z
        .array(
          z.strictObject({
            issuer: z.string().refine(isPublicUrl),
            jwks: z.string().refine(isKeysUrl),
            audience: z.string().min(1).max(200),
            claim: z.string().min(1).max(200).default('sub'),
          }),
        )
        .max(20)
        .refine((issuers) => new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length),
    )
    .default([])
    .describe(
      'JSON such as [{"issuer": "https://id.example.org", "jwks": "https://id.example.org/keys", "audience": "maat", "claim": "sub"}], each issuer once',
    ),
  MAAT_SMTP_URL: z
    .string()
    .refine(isSmtpUrl)
    .optional()
    .describe('smtp://user:password@host:port, or smtps:// for TLS from the start'),
  MAAT_MAIL_FROM: z
    .string()
    .refine(isSender)
    .default('Maat <no-reply@localhost>')
    .describe('an e-mail address, or Name <address>'),
  MAAT_KEY_LIFETIME: z
    .string()
    .transform(parseLifetime)
    .refine((lifetime) => lifetime !== null)
    .default({ secondsMin: 60, secondsMax: 365 * 86_400 })
    .describe(
      'the shortest and the longest life, such as 60s-365d: numbers followed by s, m, h or d, at least 1s',
    ),
  MAAT_TRUSTED_PROXIES: z
    .string()
    .transform(parts)
    .refine((proxies) => proxies.every(isAddressOrNetwork))
    .default([])
    .describe('addresses, or networks such as 10.0.0.0/8 or fd00::/8, between commas'),
  MAAT_MODE: z
    .enum(MODES)
    .default('enforce')
    .describe(`one of ${MODES.join(', ')}`),
  MAAT_POLICIES: z.string().optional().describe('the path of a JSON file'),
  MAAT_OVERSIGHT_POLICY: z.string().optional().describe('the path of a JSON file'),
  MAAT_CONTACT: z
    .union([z.email(), z.url({ protocol: /^https$/ })])
    .optional()
    .describe('an e-mail address or an https:// address'),
  MAAT_RECORD_DAYS: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .refine((days) => days >= 1)
    .default(90)
    .describe('whole days from 1 to 9999'),
  MAAT_USAGE_MONTHS: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .refine((months) => months >= 1)
    .default(25)
    .describe('whole months from 1 to 999'),
  MAAT_CURRENCY: z
    .string()
    .refine((code) => Intl.supportedValuesOf('currency').includes(code))
    .default('EUR')
    .describe('a code of ISO 4217 such as EUR'),
  MAAT_PRICE_DATABASE_SECOND: amount().default(0).describe(AMOUNT),
  MAAT_PRICE_CPU_SECOND: amount().default(0).describe(AMOUNT),
  MAAT_PRICE_GIGABYTE: amount().default(0).describe(AMOUNT),
  MAAT_MONTH_CEILING: amount()
    .refine((ceiling) => ceiling > 0)
    .optional()
    .describe('an amount above 0 such as 250 or 99.50'),
  MAAT_METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/=-]{32,200}$/)
    .optional()
    .describe('32 to 200 letters, digits and . ~ + / = _ -'),
  MAAT_DRAIN_WAIT: z
    .string()
    .regex(/^\d{1,2}s$/)
    .transform((duration) => Number.parseInt(duration, 10) * 1000)
    .refine((durationMs) => durationMs <= 60_000)
    .default(0)
    .describe('whole seconds from 0s to 60s'),
  LOG_LEVEL: z
    .enum(LOG_LEVELS)
    .default('warn')
    .describe(`one of ${LOG_LEVELS.join(', ')}`),
} as const

/**
 * The configuration that the environment asks for, frozen. An empty variable counts as absent.
 * @throws {StartError} for a wrong value, and for a MAAT_ name that does not exist
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  refuseUnknownNames(Object.keys(given))
  const parsed = z.object(VARIABLES).safeParse(given)
  if (!parsed.success) throw new StartError(wrongValue(parsed.error, given))

  const read = parsed.data
  refuseOwnIssuer(read.MAAT_ISSUERS, read.MAAT_PUBLIC_URL)
  const prices = {
    databaseSecond: read.MAAT_PRICE_DATABASE_SECOND,
    cpuSecond: read.MAAT_PRICE_CPU_SECOND,
    gigabyte: read.MAAT_PRICE_GIGABYTE,
  }
  refuseFreeCeiling(read.MAAT_MONTH_CEILING, prices)
  const data = resolve(read.MAAT_DATA)
  return Object.freeze({
    port: read.PORT,
    host: read.HOST,
    databaseUrl: read.DATABASE_URL ?? null,
    redisUrl: read.REDIS_URL ?? null,
    preparedStatements: read.MAAT_PREPARED_STATEMENTS ?? true,
    data,
    keys: read.MAAT_KEYS === undefined ? join(data, 'keys.json') : resolve(read.MAAT_KEYS),
    demo: read.MAAT_DEMO ?? read.DATABASE_URL === undefined,
    publicUrl: read.MAAT_PUBLIC_URL ?? null,
    corsOrigins: Object.freeze(read.MAAT_CORS_ORIGINS),
    issuers: Object.freeze(read.MAAT_ISSUERS),
    smtpUrl: read.MAAT_SMTP_URL ?? null,
    mailFrom: read.MAAT_MAIL_FROM,
    keyLifetime: Object.freeze(read.MAAT_KEY_LIFETIME),
    trustedProxies: Object.freeze(read.MAAT_TRUSTED_PROXIES),
    mode: read.MAAT_MODE,
    policies: read.MAAT_POLICIES === undefined ? null : resolve(read.MAAT_POLICIES),
    oversightPolicy:
      read.MAAT_OVERSIGHT_POLICY === undefined ? null : resolve(read.MAAT_OVERSIGHT_POLICY),
    contact: read.MAAT_CONTACT ?? null,
    ledgerKept: Object.freeze({
      recordDays: read.MAAT_RECORD_DAYS,
      usageMonths: read.MAAT_USAGE_MONTHS,
    }),
    bill: Object.freeze({
      currency: read.MAAT_CURRENCY,
      prices: Object.freeze(prices),
      ceiling: read.MAAT_MONTH_CEILING ?? null,
    }),
    metricsToken: read.MAAT_METRICS_TOKEN ?? null,
    drainWaitMs: read.MAAT_DRAIN_WAIT,
    logLevel: read.LOG_LEVEL,
  })
}

function parts(list: string): string[] {
  return list.split(',').map((part) => part.trim())
}

/**
 * The folder that relative paths on a command line start from: where npm was run, where its script is this command, because
 * npm runs scripts in the package's folder; else the current one.
 */
export function commandFolder(command: string, env: NodeJS.ProcessEnv = process.env): string {
  const isScript = env['npm_lifecycle_script']?.includes(command) ?? false
  return resolve(isScript ? (env['INIT_CWD'] ?? '') : '')
}

/** The environment for a gateway that this process starts: its own without any variable of Maat, and these. */
export function gatewayEnvironment(
  variables: Readonly<Partial<Record<keyof typeof VARIABLES, string>>>,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(
    ([name]) => !name.startsWith('MAAT_') && !Object.hasOwn(VARIABLES, name),
  )
  return { ...Object.fromEntries(others), ...variables }
}

function amount() {
  return z
    .string()
    .regex(/^\d{1,9}(\.\d{1,12})?$/)
    .transform(Number)
}

function flag() {
  return z
    .enum(['0', '1'])
    .transform((value) => value === '1')
    .optional()
}

/** What may hold a password, and how it is told of instead. */
const SECRET: Readonly<Partial<Record<keyof typeof VARIABLES, string>>> = {
  DATABASE_URL: 'not an address of PostgreSQL',
  REDIS_URL: 'not an address of Redis',
  MAAT_SMTP_URL: 'not an address of a mail server',
  MAAT_METRICS_TOKEN: 'not such a token',
}

function wrongValue(error: z.ZodError, given: NodeJS.ProcessEnv): string {
  // The first problem's path is the name of its variable: the object is flat.
  const name = error.issues[0]?.path[0] as keyof typeof VARIABLES
  const found = SECRET[name] ?? JSON.stringify(given[name])
  return `${name} is ${found}; accepted: ${VARIABLES[name].description}.`
}

/** A misspelt name would silently leave its default in force. */
function refuseUnknownNames(names: readonly string[]): void {
  const known = Object.keys(VARIABLES)
  for (const name of names) {
    if (!name.startsWith('MAAT_') || name.startsWith('MAAT_TEST_') || known.includes(name)) continue
    const near = nearestName(name, known)
    throw new StartError(`${name} is not a variable of Maat; the nearest one is ${near}.`)
  }
}

/** Tokens of sessions would be taken for those of another service, and the end of a session for nothing. */
function refuseOwnIssuer(issuers: readonly Issuer[], publicUrl: string | undefined): void {
  if (!issuers.some(({ issuer }) => issuer === publicUrl)) return
  throw new StartError('MAAT_ISSUERS names MAAT_PUBLIC_URL; this service knows its own tokens.')
}

/** A month in which nothing costs anything would never come near it. */
function refuseFreeCeiling(ceiling: number | undefined, prices: Config['bill']['prices']): void {
  // What CPU an operation takes is known once it was measured; database time and bytes always are.
  if (ceiling === undefined || prices.databaseSecond > 0 || prices.gigabyte > 0) return
  const accepted = 'MAAT_PRICE_DATABASE_SECOND or MAAT_PRICE_GIGABYTE above 0 with it'
  throw new StartError(`MAAT_MONTH_CEILING is ${ceiling}; accepted: ${accepted}.`)
}

function isDatabaseUrl(text: string): boolean {
  const protocol = URL.parse(text)?.protocol
  return protocol === 'postgres:' || protocol === 'postgresql:'
}

function isRedisUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.hostname === '') return false
  const isRedis = url.protocol === 'redis:' || url.protocol === 'rediss:'
  return isRedis && /^(\/\d{0,5})?$/.test(url.pathname) && url.search === '' && url.hash === ''
}

/** undefined for what is no JSON: no schema accepts it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** null for what is no range of durations. */
function parseLifetime(text: string): Config['keyLifetime'] | null {
  const [shortest = '', longest = '', ...more] = text.split('-')
  const secondsMin = parseDuration(shortest)
  const secondsMax = parseDuration(longest)
  if (secondsMin === null || secondsMax === null || more.length > 0) return null
  return secondsMin >= 1 && secondsMin <= secondsMax ? { secondsMin, secondsMax } : null
}

function isSmtpUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.hostname === '') return false
  const isSmtp = url.protocol === 'smtp:' || url.protocol === 'smtps:'
  const isBare = /^\/?$/.test(url.pathname) && url.search === '' && url.hash === ''
  const hasBoth = (url.username === '') === (url.password === '')
  // What is percent-encoded badly could not be sent as user and password.
  const isReadable = !/%(?![\da-f]{2})/i.test(url.username + url.password)
  return isSmtp && isBare && hasBoth && isReadable
}

/** A name has letters, digits, spaces, dots, hyphens and underscores alone: nothing that means something in a header. */
function isSender(text: string): boolean {
  const [, name = '', address = text] = /^([^<>]+) <([^<>]+)>$/.exec(text) ?? []
  return /^[\p{L}\p{N} ._-]{0,100}$/u.test(name) && /^[\w.+=-]+@[a-z\d.-]+$/i.test(address)
}

/** Stricter than ipaddr.js, which reads `10` and `010.0.0.1` as addresses too. */
function isAddressOrNetwork(text: string): boolean {
  const { IPv4, IPv6 } = ipaddr
  if (text.includes('/')) return IPv4.isValidCIDRFourPartDecimal(text) || IPv6.isValidCIDR(text)
  return IPv4.isValidFourPartDecimal(text) || IPv6.isValid(text)
}

function isPublicUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.search !== '' || url.hash !== '') return false
  if (url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

/** As a public URL, and with a query where its owner wants one. */
function isKeysUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || text.includes('#')) return false
  url.search = ''
  return isPublicUrl(url.href)
}

function isOrigin(text: string): boolean {
  return text === '*' || (/^https?:/.test(text) && URL.parse(text)?.origin === text)
}
