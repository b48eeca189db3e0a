import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'

import type { Acts } from '../auth/act.ts'
import { createAuthenticator } from '../auth/authenticate.ts'
import { queueExpiryNotices } from '../auth/keys/expiry-notices.ts'
import { answerMailRequests } from '../auth/sign-in/answer-mail-requests.ts'
import { sweep } from '../auth/sweep.ts'
import { createSessionUses } from '../auth/session-uses.ts'
import { followKeyChanges } from '../auth/follow-key-changes.ts'
import { createExternalIssuers, createTokenReader } from '../auth/session-token/external-issuers.ts'
import { createSessionTokens } from '../auth/session-token/session-tokens.ts'
import { createSigningKeys } from '../auth/session-token/signing-keys.ts'
import { cookieNames } from '../auth/session-cookies.ts'
import { createPasswords } from '../auth/sign-in/passwords.ts'
import { systemClock } from '../clock.ts'
import type { BulkRunner } from '../community/bulk-export/bulk-runner.ts'
import { runExports } from '../community/bulk-export/run-exports.ts'
import { type Config, readConfig } from '../config.ts'
import { openDatabase } from '../database/open.ts'
import type { DemandControl } from '../gateway/demand-control.ts'
import { describeFailure } from '../gateway/failure.ts'
import { createGateway } from '../gateway/gateway.ts'
import { createFindClient } from '../http/client-address.ts'
import { createCorsPolicy } from '../http/cors.ts'
import { createCookieCheck } from '../http/csrf.ts'
import { createDatabaseCheck } from '../http/database-check.ts'
import { createGraphiqlPage } from '../http/graphiql.ts'
import { accountExportRoutes } from '../http/files/account-export.ts'
import { bulkExportRoutes } from '../http/files/bulk-export.ts'
import { dataFileRoutes } from '../http/files/data-files.ts'
import { ledgerFileRoutes } from '../http/files/ledger-file.ts'
import { graphqlRefusal, graphqlRoutes } from '../http/graphql.ts'
import { createRunningRequests } from '../http/running-requests.ts'
import { jwksRoutes } from '../http/jwks.ts'
import { metricsRoutes } from '../http/metrics.ts'
import { createHttpServer, type HttpServer } from '../http/server.ts'
import { endOnSignals } from '../http/shutdown.ts'
import { type Jobs, startJobs } from '../jobs/jobs.ts'
import { createFileTransport } from '../mail/file-transport.ts'
import { type MailLog, sendMails } from '../mail/send-mails.ts'
import { createSmtpTransport } from '../mail/smtp-transport.ts'
import { createFileReader } from '../measurements/formats/read-in-thread.ts'
import { forgetErased } from '../metering/forget-erased.ts'
import { createMeter, type Meter, startShipping } from '../metering/meter.ts'
import { createMetrics } from '../metering/metrics.ts'
import { noteForfeits } from '../metering/note-forfeits.ts'
import { keepLedger } from '../metering/retention.ts'
import { rollUp } from '../metering/roll-up.ts'
import { type BillKeeper, COUNT_SECONDS, keepBill } from '../oversight/bill/keep-bill.ts'
import { applyPolicies, LOOK_SECONDS, type Overseer } from '../oversight/policies/apply-policies.ts'
import type { OversightPolicy } from '../oversight/policies/oversight-policy.ts'
import { readOversightPolicies } from '../oversight/policies/read-oversight-policies.ts'
import { createAttempts } from '../quota/attempts.ts'
import { createInFlight } from '../quota/in-flight.ts'
import { followShares } from '../quota/follow-shares.ts'
import { openQuota } from '../quota/open-quota.ts'
import type { Policies } from '../quota/policies.ts'
import { readPolicies } from '../quota/read-policies.ts'
import type { QuotaStore } from '../quota/store.ts'
import { createBulkReader } from '../schema/bulk-export/bulk-reader.ts'
import { compileOperation } from '../schema/plan/operation.ts'
import { schema } from '../schema/schema.ts'
import { ensureDemo } from '../seed/ensure-demo.ts'
import { checkKeyFile, openOrCreateVault, openVault } from '../vault/key-file.ts'
import { runCommand } from './run-command.ts'
import { welcomeText } from './welcome.ts'

const GRAPHIQL = fileURLToPath(new URL('../browser/dist', import.meta.url))

await runCommand(async () => {
  const config = readConfig()
  const policies = readPolicies(config.policies)
  const oversight = readOversightPolicies(config.oversightPolicy)
  const log = pino({ level: config.logLevel })
  const server = createHttpServer({ cors: createCorsPolicy(config.corsOrigins), log })
  // First the port: where it is taken, nothing on disk has changed.
  const port = await server.listen(config)
  const held: (() => Promise<void>)[] = []
  const release = async (): Promise<void> => {
    for (const giveBack of held.splice(0).toReversed()) await giveBack()
  }
  endOnSignals(process, {
    server,
    drainWaitMs: config.drainWaitMs,
    release,
    clock: systemClock,
    log,
  })
  try {
    const demo = await startServing(config, { server, port, policies, oversight, log, held })
    process.stdout.write(welcomeText({ config, port, demo }))
  } catch (error) {
    await server.close(0)
    await release()
    throw error
  }
})

interface Started {
  readonly server: HttpServer
  readonly port: number
  readonly policies: Policies
  readonly oversight: readonly OversightPolicy[]
  readonly log: pino.Logger
  /** What to give back at the end, last first. */
  readonly held: (() => Promise<void>)[]
}

async function startServing(config: Config, started: Started) {
  const { server, port, policies, oversight, log, held } = started
  const clock = systemClock
  await checkKeyFile(config.keys)
  const database = await openDatabase(config, { applicationName: 'maat' })
  held.push(database.close)
  for (const notice of database.notices) process.stdout.write(`${notice}\n`)
  const vault = await (database.embedded ? openOrCreateVault : openVault)(database, config.keys)
  const demo = config.demo ? await ensureDemo({ database, vault, clock, data: config.data }) : null
  const publicUrl = config.publicUrl ?? `http://${config.host}:${port}`
  const tokens = createSessionTokens({ keys: createSigningKeys(vault), issuer: publicUrl, clock })
  const external = createExternalIssuers({
    issuers: config.issuers,
    clock,
    onAway: (issuer, error) =>
      log.warn({ issuer, cause: describeFailure(error) }, 'The keys of an issuer can not be had.'),
  })
  const cookies = cookieNames(publicUrl)
  const authenticator = createAuthenticator({
    database,
    vault,
    clock,
    verifyToken: createTokenReader(tokens.verify, external),
    accessCookie: cookies.access,
    contact: config.contact,
  })
  const running = createRunningRequests()
  const onFailure = (error: unknown): void =>
    log.warn({ cause: describeFailure(error) }, 'The use of sessions could not be written.')
  const uses = createSessionUses({ database, clock, onFailure })
  held.push(uses.close)
  const gatewayId = randomUUID()
  const meter = await startMeter(config, { gatewayId, log, held })
  const { redisUrl } = config
  const quota = await openQuota({ database, gateway: gatewayId, redisUrl, log, monotonic })
  held.push(() => quota.close())
  const forget = (id: string): void => {
    authenticator.forget(id)
    quota.release(id)
    void running.recheck(id)
  }
  const shares = followShares({
    database,
    policies,
    onChange: (accountId) => quota.release(accountId),
    onFailure: (error) =>
      log.warn({ cause: describeFailure(error) }, 'The shares of the month could not be read.'),
  })
  held.push(shares.close)
  const clear = (): void => {
    authenticator.clear()
    void running.recheck()
  }
  held.push(followKeyChanges(database, { forget, clear }))
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
    policies: shares.policies,
    clock,
    mode: config.mode,
    contact: config.contact,
    inFlight,
    attempts: createAttempts(monotonic),
    meter,
    violations,
  }
  const files = createFileReader()
  held.push(files.close)
  const acts: Acts = {
    database,
    vault,
    clock,
    random: randomBytes,
    lifetime: config.keyLifetime,
    passwords: createPasswords({ random: randomBytes }),
    tokens,
    publicUrl,
    mailsWait: () => jobs.kick('mail'),
    readSets: files.read,
    forget,
  }
  const jobs = await startBackground(config, {
    acts,
    demand,
    oversight,
    store: quota.store,
    log,
    held,
  })
  const gateway = createGateway({ schema, compileOperation, database, vault, acts, demand, log })
  const findClient = createFindClient(config.trustedProxies)
  const isCookieAllowed = createCookieCheck(publicUrl, config.corsOrigins)
  const { page, routes } = createGraphiqlPage(GRAPHIQL)
  const operations = {
    gateway,
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
      ...jwksRoutes(tokens),
      ...metricsRoutes(metrics, config.metricsToken),
      ...routes,
    },
    createDatabaseCheck(database),
    graphqlRefusal({ gateway, findClient }),
  )
  return demo
}

interface Metered {
  readonly gatewayId: string
  readonly log: pino.Logger
  readonly held: (() => Promise<void>)[]
}

/** Writes down what operations cost, and brings it into the ledger. */
async function startMeter(config: Config, { gatewayId, log, held }: Metered): Promise<Meter> {
  // Nothing else waits for it, nor it for anything else.
  const database = await openDatabase(config, { applicationName: 'maat-background', max: 1 })
  held.push(database.close)
  const onFailure = (error: unknown): void =>
    log.warn({ cause: describeFailure(error) }, 'Usage could not be brought into the ledger yet.')
  const meter = await createMeter({
    database,
    gateway: gatewayId,
    folder: join(config.data, 'meter'),
    onStuck: () => log.error('Usage can not be written to disk, and waits in memory.'),
    onFlowing: () => log.warn('Usage is written to disk again.'),
    onFailure,
  })
  held.push(meter.close)
  held.push(startShipping(meter, onFailure))
  return meter
}

interface Background {
  readonly acts: Acts
  readonly demand: Pick<DemandControl, 'quota' | 'policies' | 'meter'>
  readonly store: QuotaStore
  readonly oversight: readonly OversightPolicy[]
  readonly log: pino.Logger
  readonly held: (() => Promise<void>)[]
}

/** What goes on besides requests, over connections of its own. */
async function startBackground(
  config: Config,
  { acts, demand, oversight, store, log, held }: Background,
): Promise<Jobs> {
  const database = await openDatabase(config, { applicationName: 'maat-background', max: 3 })
  held.push(database.close)
  // One, whatever is exported: nothing else waits for it.
  const exporting = await openDatabase(config, { applicationName: 'maat-background', max: 1 })
  held.push(exporting.close)
  const { smtpUrl, mailFrom, data } = config
  const transport =
    smtpUrl === null
      ? createFileTransport(join(data, 'mail'))
      : createSmtpTransport(smtpUrl, mailFrom)
  const mailLog: MailLog = {
    info: (_entry, note) => void process.stdout.write(`${note}\n`),
    warn: (entry, message) => log.warn(entry, message),
  }
  const own: Acts = { ...acts, database, mailsWait: () => {} }
  const { vault, clock } = acts
  const bulkRunner: BulkRunner = {
    ...acts,
    ...demand,
    database: exporting,
    openQuery: createBulkReader({ schema, database: exporting, vault, clock }),
    onFailure: (error) =>
      log.warn({ cause: describeFailure(error) }, 'A page of an export failed and is tried again.'),
  }
  const overseer: Overseer = {
    ...own,
    policies: oversight,
    onFailure: (policy, account, error) =>
      log.warn(
        { policy, account, cause: describeFailure(error) },
        'A policy could not be applied.',
      ),
  }
  const billKeeper: BillKeeper = {
    ...own,
    bill: config.bill,
    store,
    onWarning: (warning) => log.warn(warning, 'The bill of this month nears its ceiling.'),
  }
  const onNoticeFailure = (key: string, error: unknown): void =>
    log.warn({ key, cause: describeFailure(error) }, 'Nobody is told that a key expires.')
  const jobs = startJobs({
    database,
    jobs: {
      mail: {
        everySeconds: 5,
        async run(signal) {
          await answerMailRequests(own)
          await sendMails({ database, vault, clock, transport, log: mailLog, signal })
        },
      },
      'key-expiry-notices': {
        everySeconds: 300,
        run: () => queueExpiryNotices({ ...own, onFailure: onNoticeFailure }),
      },
      oversight: { everySeconds: LOOK_SECONDS, run: (signal) => applyPolicies(overseer, signal) },
      bill: { everySeconds: COUNT_SECONDS, run: () => keepBill(billKeeper) },
      sweep: { everySeconds: 3600, run: () => sweep(own) },
      'usage-roll-up': { everySeconds: 10, run: (signal) => rollUp(database, signal) },
      'ledger-forfeits': { everySeconds: 5, run: () => noteForfeits(database, store) },
      'ledger-erasure': { everySeconds: 30, run: (signal) => forgetErased(database, signal) },
      'ledger-months': {
        everySeconds: 3600,
        run: () => keepLedger(database, clock, config.ledgerKept),
      },
      'bulk-export': { everySeconds: 5, run: (signal) => runExports(bulkRunner, signal) },
    },
    onFailure: (job, error) =>
      log.warn({ job, cause: describeFailure(error) }, 'A job failed and comes round again.'),
  })
  held.push(async () => {
    await jobs.stop()
    transport.close()
  })
  return jobs
}

function monotonic(): number {
  return performance.now()
}
