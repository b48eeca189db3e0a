import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../clock.ts'
import { type Config, readConfig } from '../config.ts'
import { openDatabase, type OpenDatabase } from '../database/open.ts'
import { StartError } from '../errors.ts'
import type { OversightPolicy } from '../oversight/policies/oversight-policy.ts'
import { readOversightPolicies } from '../oversight/policies/read-oversight-policies.ts'
import { dryRunLimits } from '../oversight/replay/dry-run-limits.ts'
import { dryRunPolicy, lastMonth } from '../oversight/replay/dry-run-policy.ts'
import { readPriceList } from '../oversight/replay/read-price-list.ts'
import { limitsLines, policyLines } from '../oversight/replay/report-lines.ts'
import { readPolicies } from '../quota/read-policies.ts'
import { PAYMENTS } from '../schema/payments.ts'
import { viewOversight } from './oversight-view.ts'
import { runCommand } from './run-command.ts'

const USAGE =
  'npm run -s oversight -- [--once], or --dry-run POLICY, or --dry-run-limits FILE and --dry-run-prices FILE, either or both [--scale FACTOR]: POLICY is the name of a policy or a file of some, the FILE of limits one for MAAT_POLICIES, that of prices one like {"connection": 8}'

/** Shows who uses what, or says what policies or budgets would have done within the last month; changes nothing. */
await runCommand(async () => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      'dry-run': text,
      'dry-run-limits': text,
      'dry-run-prices': text,
      scale: text,
      once: { type: 'boolean', default: false },
    },
  })
  const { 'dry-run': policy, 'dry-run-limits': limits, 'dry-run-prices': prices } = values
  const config = readConfig()
  if (policy !== undefined) {
    const policies = policiesNamed(policy, config)
    return withDatabase(config, (database) => replayPolicies(database, policies))
  }
  if (limits === undefined && prices === undefined) {
    if (values.scale !== undefined) throw new StartError(`Usage: ${USAGE}`)
    return withDatabase(config, (database) => viewOversight(database, process, values.once))
  }
  const proposal = {
    policies: readPolicies(limits === undefined ? config.policies : resolve(limits)),
    prices:
      prices === undefined
        ? null
        : { now: PAYMENTS, proposed: readPriceList(resolve(prices), PAYMENTS) },
    scale: readScale(values.scale),
  }
  return withDatabase(config, async ({ kysely }) => {
    const span = lastMonth(systemClock())
    for (const line of limitsLines(await dryRunLimits(kysely, proposal, span), span)) {
      console.log(line)
    }
  })
}, USAGE)

async function replayPolicies(
  { kysely }: OpenDatabase,
  policies: readonly OversightPolicy[],
): Promise<void> {
  const span = lastMonth(systemClock())
  for (const policy of policies) {
    // oxlint-disable-next-line no-await-in-loop
    const report = await dryRunPolicy(kysely, policy, span)
    for (const line of policyLines(policy, report, span)) console.log(line)
  }
}

async function withDatabase(
  config: Config,
  use: (database: OpenDatabase) => Promise<void>,
): Promise<void> {
  const database = await openDatabase(config, { applicationName: 'maat-background', max: 2 })
  try {
    await use(database)
  } finally {
    await database.close()
  }
}

/** The policy of this name, of those that are configured; or all in the file at this path. */
function policiesNamed(text: string, config: Config): readonly OversightPolicy[] {
  if (text.endsWith('.json') || existsSync(text)) return readOversightPolicies(resolve(text))
  const configured = readOversightPolicies(config.oversightPolicy)
  const named = configured.filter(({ name }) => name === text)
  if (named.length > 0) return named
  const names = configured.map(({ name }) => name).join(', ')
  throw new StartError(`There is no policy ${text}; accepted: ${names}, or a file of policies.`)
}

function readScale(text: string | undefined): number {
  const scale = text === undefined ? 1 : Number(text)
  if (scale > 0 && Number.isFinite(scale)) return scale
  throw new StartError(`--scale is ${JSON.stringify(text)}; accepted: a number above 0.`)
}
