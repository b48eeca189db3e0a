import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { describe, expect, test } from 'vitest'

import { makeLink } from '../../src/auth/sign-in/links.ts'
import { formatId } from '../../src/ids.ts'
import { insertAccount } from '../support/account.ts'
import { ask, sharedDatabase } from '../support/shared-database.ts'
import { startGateway } from '../support/started-gateway.ts'
import { insertHours } from '../support/usage-rows.ts'

const { database, vault, clock, folder, env, keyOf } = await sharedDatabase()
const ada = await insertAccount(database, vault, { username: 'ada' })
const account = formatId('acc', ada)

interface At {
  readonly origin: string
}

/** What a key meets: the code of a refusal, the steps that its answers tell of, or nothing. */
async function met(gateway: At, key: string): Promise<string> {
  const { code, notices } = await ask(gateway, key, '{ me { username } }')
  return code ?? notices.join()
}

/** Milliseconds until a key meets this. */
async function untilMet(gateway: At, key: string, what: string): Promise<number> {
  const startMs = performance.now()
  // oxlint-disable-next-line no-await-in-loop -- one question after the other
  while ((await met(gateway, key)) !== what) {
    if (performance.now() - startMs > 10_000)
      throw new Error(`It never met ${what === '' ? 'nothing' : what}.`)
  }
  return performance.now() - startMs
}

describe('what is done at one gateway', () => {
  test('holds at another one within a second, and is lifted there within a second', async () => {
    const [first, second] = await Promise.all([startGateway(env), startGateway(env)])
    const admin = await insertAccount(database, vault, { username: 'root', role: 'admin' })
    const { token } = await database.kysely
      .transaction()
      .execute((trx) =>
        makeLink(
          trx,
          { vault, clock, random: randomBytes },
          { accountId: admin, purpose: 'sign_in' },
        ),
      )
    const { secret: key } = await keyOf(ada)
    const signedIn = await ask(
      first,
      null,
      'mutation ($input: SignInWithLinkInput!) { signInWithLink(input: $input) { ... on SignedIn { accessToken } } }',
      { input: { token } },
    )
    const session = String(signedIn.data?.['signInWithLink']?.['accessToken'])
    const intervene = async (step: string, over = {}) => {
      const { data } = await ask(
        first,
        session,
        'mutation ($input: InterveneInput!) { intervene(input: $input) { ... on IntervenePayload { intervention { id } } } }',
        { input: { account, step, reason: 'Too much.', ...over } },
      )
      const intervention = data?.['intervene']?.['intervention'] as { readonly id: string } // as it asks
      return intervention.id
    }
    const lift = (id: string) =>
      ask(
        first,
        session,
        'mutation ($input: LiftInterventionInput!) { liftIntervention(input: $input) { __typename } }',
        { input: { id, reason: 'Over.' } },
      )
    expect(await met(second, key)).toBe('')
    const waitsMs: number[] = []
    for (const [step, over, what] of [
      ['NOTICE', {}, 'NOTICE'],
      ['SLOWER', { pacePercent: 50 }, 'SLOWER'],
      ['SUSPENSION', {}, 'ACCOUNT_BLOCKED'],
    ] as const) {
      // oxlint-disable no-await-in-loop -- one step after the other
      const id = await intervene(step, over)
      waitsMs.push(await untilMet(second, key, what))
      await lift(id)
      waitsMs.push(await untilMet(second, key, ''))
      // oxlint-enable no-await-in-loop
    }
    await intervene('REVOCATION')
    waitsMs.push(await untilMet(second, key, 'KEY_REVOKED'))
    // One of them may meet a stall of the machine.
    expect(waitsMs.toSorted((a, b) => a - b).at(-2)).toBeLessThan(1000)
  })
})

function run(...flags: readonly string[]) {
  return promisify(execFile)(process.execPath, ['src/bin/oversight.ts', ...flags], { env }).catch(
    (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => error,
  )
}

describe('npm run oversight', () => {
  test('shows who uses what, once where nobody watches a terminal', async () => {
    const { stdout, stderr } = await run()
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^Last 30 days: \S+ calls, /)
    expect(stdout).toContain('\npoints ')
    expect((await run('--once')).stdout).toMatch(/^Last 30 days: /)
  })

  test('lists whom a policy would have hit', async () => {
    const hour = new Date(Math.floor(Date.now() / 3_600_000 - 24) * 3_600_000)
    await insertHours(database, [{ account_id: ada, hour, database_us: 3_700_000_000 }])
    const { stdout, stderr } = await run('--dry-run', 'heavy-on-the-database')
    expect(stderr).toBe('')
    expect(stdout).toContain('heavy-on-the-database: NOTICE from 3600000 databaseMs within a day')
    expect(stdout).toContain(`${account}  taken 1 times, prolonged 0 times, in force for `)
    expect(stdout).toContain('1 of 1 accounts, 1 times')
  })

  test('lists the keys that other budgets would break', async () => {
    const file = join(folder, 'tight.json')
    await writeFile(file, '{ "day": { "capacity": 2000 } }')
    const { stdout, stderr } = await run('--dry-run-limits', file, '--scale', '2')
    expect(stderr).toBe('')
    expect(stdout).toContain('0 keys would break, 0 operations would be refused')
  })

  test('lists the keys that other prices would break', async () => {
    const file = join(folder, 'prices.json')
    await writeFile(file, '{ "connection": 20 }')
    const { stdout, stderr } = await run('--dry-run-prices', file)
    expect(stderr).toBe('')
    expect(stdout).toContain('0 keys would break, 0 operations would be refused')
  })

  test.each([
    [['--dry-run-prices', '/nowhere.json'], '/nowhere.json can not be read: ENOENT.'],
    [['--dry-run-prices', 'package.json'], 'there is no price name; accepted: operation, object, '],
    [['--dry-run', 'luck'], 'There is no policy luck; accepted: many-refusals, '],
    [['--dry-run-limits', '/nowhere.json'], '/nowhere.json, which can not be read: ENOENT.'],
    [['--dry-run-limits', 'package.json', '--scale', '0'], 'package.json: '],
    [['--scale', '2'], 'Usage: npm run -s oversight -- [--once]'],
  ])('refuses %j', async (flags, says) => {
    const { stderr, code } = (await run(...flags)) as { stderr: string; code: number } // it fails
    expect(stderr).toContain(says)
    expect(code).toBe(1)
  })
})
