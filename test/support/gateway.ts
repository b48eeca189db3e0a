import { randomBytes, randomUUID } from 'node:crypto'

import type { GraphQLSchema } from 'graphql'
import type { Insertable } from 'kysely'

import type { AccessLevel } from '../../src/auth/access.ts'
import type { Acts } from '../../src/auth/act.ts'
import { cookieNames } from '../../src/auth/session-cookies.ts'
import { createAuthenticator } from '../../src/auth/authenticate.ts'
import { KEY_LIFETIME } from '../../src/auth/key-input.ts'
import { issueKey } from '../../src/auth/issue-key.ts'
import { createSessionTokens } from '../../src/auth/session-token/session-tokens.ts'
import { createSigningKeys } from '../../src/auth/session-token/signing-keys.ts'
import { createSessionUses, type SessionUses } from '../../src/auth/session-uses.ts'
import { createPasswords } from '../../src/auth/sign-in/passwords.ts'
import type { Account } from '../../src/database/tables.generated.ts'
import type { DemandControl } from '../../src/gateway/demand-control.ts'
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts'
import { createFindClient } from '../../src/http/client-address.ts'
import { createCorsPolicy } from '../../src/http/cors.ts'
import { createCookieCheck } from '../../src/http/csrf.ts'
import { createGraphiqlPage } from '../../src/http/graphiql.ts'
import { accountExportRoutes } from '../../src/http/files/account-export.ts'
import { bulkExportRoutes } from '../../src/http/files/bulk-export.ts'
import { dataFileRoutes } from '../../src/http/files/data-files.ts'
import { ledgerFileRoutes } from '../../src/http/files/ledger-file.ts'
import { graphqlRefusal, graphqlRoutes } from '../../src/http/graphql.ts'
import { metricsRoutes } from '../../src/http/metrics.ts'
import { createRunningRequests, type RunningRequests } from '../../src/http/running-requests.ts'
import { createHttpServer, type HttpServer } from '../../src/http/server.ts'
import { createAttempts } from '../../src/quota/attempts.ts'
import { createInFlight } from '../../src/quota/in-flight.ts'
import { createLeasedQuota, type LeasedQuota } from '../../src/quota/leased-quota.ts'
import type { Policies } from '../../src/quota/policies.ts'
import { createPostgresStore } from '../../src/quota/postgres-store.ts'
import { compileOperation } from '../../src/schema/plan/operation.ts'
import { schema } from '../../src/schema/schema.ts'
import { createFileReader } from '../../src/measurements/formats/read-in-thread.ts'
import { createMetrics } from '../../src/metering/metrics.ts'
import type { Meter } from '../../src/metering/meter.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { createVault, type Vault } from '../../src/vault/vault.ts'
import { insertAccount } from './account.ts'
import { AMPLE_POLICIES } from './policies.ts'
import { testMeter, type TestMeterOptions } from './meter.ts'
import { sendRequest, type HttpAnswer, type HttpRequest } from './http-request.ts'
import { testDatabase, type TestDatabase } from './test-database.ts'
import { whenDone } from './when-done.ts'

export interface TestGatewayOptions {
  readonly schema?: GraphQLSchema
  readonly compileOperation?: typeof compileOperation
  /** The time at the gateway, for good or whenever it is asked; the system's time by default. */
  readonly now?: string | (() => Date)
  /** Through which door POST comes in; the front door by default. */
  readonly door?: 'front' | 'yoga'
  readonly corsOrigins?: readonly string[]
  readonly trustedProxies?: readonly string[]
  /** Budgets that no test of anything else exhausts, by default. */
  readonly policies?: Policies
  readonly mode?: DemandControl['mode']
  /** Milliseconds of the clock that never jumps; the system's by default. */
  readonly monotonic?: () => number
  /** What reads imported files; a thread of its own by default. */
  readonly readSets?: Acts['readSets']
  /** The folder of a built GraphiQL. */
  readonly page?: string
  /** Whether its ledger has to explain at the end what was drawn on its budgets: it has, by default. */
  readonly reconciles?: TestMeterOptions['reconciles']
}

export interface TestGateway {
  /** http://127.0.0.1:port */
  readonly origin: string
  readonly database: TestDatabase
  readonly vault: Vault
  readonly gateway: Gateway
  readonly demand: DemandControl
  readonly acts: Acts
  readonly uses: SessionUses
  readonly quota: LeasedQuota
  readonly meter: Meter
  /** Where its segments lie. */
  readonly meterFolder: string
  /** What the meter told of its disk. */
  readonly alarms: readonly string[]
  readonly server: HttpServer
  readonly running: RunningRequests
  /** Everything that was logged, as JSON lines. */
  readonly logged: readonly string[]
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>
  /** Posts a document, with a key where one is given. */
  readonly post: (document: string, key?: string, variables?: object) => Promise<TestAnswer>
  /** Inserts an account; returns its id. */
  readonly account: (over?: Partial<Insertable<Account>>) => Promise<string>
  /** Makes a key, of a new account where none is given; returns its text. */
  readonly issueKey: (key?: TestKey) => Promise<string>
  /** What the gateway does once it hears that a key, an account or one of their limits has changed. */
  readonly forget: (id: string) => void
}

export interface TestKey {
  readonly accountId?: string
  readonly level?: AccessLevel
  readonly expiresAt?: string
}

export interface TestAnswer extends HttpAnswer {
  readonly data: unknown
  /** Codes of the errors, in order. */
  readonly codes: readonly string[]
}

/** Where the test gateway says that people reach it. */
export const PUBLIC_URL = 'http://127.0.0.1:4000'

/** What opens /metrics of a test gateway. */
export const METRICS_TOKEN = 'a-token-of-more-than-32-characters-for-tests'

/** A gateway on a socket of its own over a database of its own; both live as long as the test, or the file. */
export async function testGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { now, door = 'front' } = options
  const database = await testDatabase()
  const vault = createVault(createKeyRing())
  const clock =
    typeof now === 'function' ? now : () => (now === undefined ? new Date() : new Date(now))
  const logged: string[] = []
  const record = (entry: unknown): void => void logged.push(JSON.stringify(entry))
  const log = { error: record, warn: record }
  const monotonic = options.monotonic ?? (() => performance.now())
  const quota = createLeasedQuota({
    store: createPostgresStore(database),
    gateway: randomUUID(),
    monotonic,
    whenAway: 'refuse',
    onAway: () => {},
    onBack: () => {},
    onDefect: record,
  })
  const metered = await testMeter({ database, reconciles: options.reconciles ?? true })
  const { meter } = metered
  const violations = { count: 0 }
  const inFlight = createInFlight()
  const metrics = createMetrics({
    pool: database.pool,
    inFlight: () => inFlight.total,
    quota: () => ({ ...quota.state(), gateways: quota.gateways }),
    violations: () => violations.count,
    meter: meter.state,
  })
  const demand: DemandControl = {
    metrics,
    quota,
    meter,
    policies: () => options.policies ?? AMPLE_POLICIES,
    clock,
    mode: options.mode ?? 'enforce',
    contact: 'help@example.org',
    inFlight,
    attempts: createAttempts(monotonic),
    violations,
  }
  const keys = createSigningKeys(vault)
  const tokens = createSessionTokens({ keys, issuer: PUBLIC_URL, clock })
  const files = createFileReader()
  whenDone(files.close)
  const acts: Acts = {
    database,
    vault,
    clock,
    random: randomBytes,
    lifetime: KEY_LIFETIME,
    passwords: createPasswords({ random: randomBytes }),
    tokens,
    publicUrl: PUBLIC_URL,
    mailsWait: () => {},
    readSets: options.readSets ?? files.read,
    forget: (id) => forget(id),
  }
  const gateway = createGateway({
    schema: options.schema ?? schema,
    compileOperation: options.compileOperation ?? compileOperation,
    database,
    vault,
    acts,
    demand,
    log,
  })
  const server = createHttpServer({ cors: createCorsPolicy(options.corsOrigins ?? []), log })
  const port = await server.listen({ port: 0, host: '127.0.0.1' })
  const origin = `http://127.0.0.1:${port}`
  const { page, routes } = createGraphiqlPage(options.page ?? '/nowhere')
  const answer = door === 'front' ? gateway.answer : gateway.answerOverYoga
  const cookies = cookieNames(PUBLIC_URL)
  const authenticator = createAuthenticator({
    database,
    vault,
    clock,
    verifyToken: tokens.verify,
    accessCookie: cookies.access,
  })
  const findClient = createFindClient(options.trustedProxies ?? [])
  const running = createRunningRequests()
  const uses = createSessionUses({ database, clock, onFailure: record })
  whenDone(uses.close)
  const isCookieAllowed = createCookieCheck(PUBLIC_URL, options.corsOrigins ?? [])
  const operations = {
    gateway: { ...gateway, answer },
    authenticator,
    findClient,
    running,
    isCookieAllowed,
    cookies,
    uses,
  }
  server.serve(
    {
      ...graphqlRoutes({ ...operations, page }),
      ...dataFileRoutes(operations),
      ...ledgerFileRoutes({ ...operations, acts }),
      ...accountExportRoutes({ acts, gateway, findClient }),
      ...bulkExportRoutes({ acts, gateway, findClient }),
      ...metricsRoutes(metrics, METRICS_TOKEN),
      ...routes,
    },
    () => Promise.resolve(true),
    graphqlRefusal({ gateway, findClient }),
  )
  whenDone(() => server.close(0))
  function forget(id: string): void {
    authenticator.forget(id)
    quota.release(id)
    void running.recheck(id)
  }

  const send = (request: HttpRequest) => sendRequest(origin, request)
  const account = (over?: Partial<Insertable<Account>>) => insertAccount(database, vault, over)
  return {
    origin,
    database,
    vault,
    gateway,
    demand,
    acts,
    uses,
    quota,
    meter,
    meterFolder: metered.folder,
    alarms: metered.alarms,
    server,
    running,
    logged,
    send,
    account,
    forget,
    async post(query, key, variables) {
      const answered = await send({
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ query, variables }),
      })
      const { data, errors = [] } = JSON.parse(answered.body)
      const codes = errors.map((error: { extensions: { code: string } }) => error.extensions.code)
      return { ...answered, data, codes }
    },
    async issueKey({ accountId, level = 4, expiresAt } = {}) {
      const owner = accountId ?? (await account())
      const aDayAhead = new Date(clock().getTime() + 86_400_000)
      // A key of the past is made in the past: nobody is given one that has expired.
      const expiry = expiresAt === undefined ? aDayAhead : new Date(expiresAt)
      const madeAt = new Date(Math.min(clock().getTime(), expiry.getTime() - 86_400_000))
      const { secret } = await issueKey(
        { database, vault, clock: () => madeAt },
        { accountId: owner, level, expiresAt: expiry, name: 'test' },
      )
      return secret
    },
  }
}
