import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { ROLE_CAPS } from '../auth/access.ts'
import { createAccount } from '../auth/sign-in/answer-mail-requests.ts'
import { emailSchema, usernameSchema } from '../auth/sign-in/input.ts'
import { makeLink } from '../auth/sign-in/links.ts'
import { recordAct } from '../audit/record-act.ts'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import type { AccountRole } from '../database/tables.generated.ts'
import { openDatabase } from '../database/open.ts'
import { StartError } from '../errors.ts'
import { openOrCreateVault, openVault, readKeyFile } from '../vault/key-file.ts'
import { normalizeLabel } from '../vault/vault.ts'
import { runCommand } from './run-command.ts'

const ROLES = Object.keys(ROLE_CAPS)

const FLAGS = {
  username: '2 to 40 letters, digits, spaces, dots, hyphens and underscores',
  email: 'an e-mail address',
  role: `one of ${ROLES.join(', ')}`,
} as const

const USAGE = 'npm run -s create-account -- --username U --email E --role R'

/** Makes an account whose owner signs in by the link that is printed. */
await runCommand(async () => {
  const { username, email, role } = readFlags()
  const config = readConfig()
  const isEmbedded = config.databaseUrl === null
  if (!isEmbedded) await readKeyFile(config.keys)
  const database = await openDatabase(config, { applicationName: 'maat-background' })
  try {
    const open = database.embedded ? openOrCreateVault : openVault
    const vault = await open(database, config.keys)
    const acts = { vault, clock: systemClock, random: randomBytes }
    const token = await database.kysely.transaction().execute(async (trx) => {
      const taken = await trx
        .selectFrom('account')
        .select('username_key')
        .where((eb) =>
          eb.or([
            eb('username_key', '=', normalizeLabel(username)),
            eb('label_index', '=', vault.labelIndex(email)),
          ]),
        )
        .executeTakeFirst()
      if (taken !== undefined) {
        const flag = taken.username_key === normalizeLabel(username) ? 'username' : 'email'
        throw new StartError(`There is an account with this --${flag} already.`)
      }
      const accountId = await createAccount(trx, acts, { email, username, language: 'en', role })
      await trx
        .updateTable('account')
        .set({ status: 'active', consent: 'account' })
        .where('id', '=', accountId)
        .execute()
      await recordAct(trx, {
        accountId,
        actorId: null,
        actorKind: 'operator',
        credentialId: null,
        action: 'create-account',
        at: systemClock(),
      })
      return (await makeLink(trx, acts, { accountId, purpose: 'sign_in' })).token
    })
    const publicUrl = config.publicUrl ?? `http://${config.host}:${config.port}`
    console.log(`${publicUrl}/console/sign-in#token=${token}`)
  } finally {
    await database.close()
  }
}, USAGE)

function readFlags() {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { username: text, email: text, role: text } })
  return {
    username: readFlag(
      'username',
      values.username,
      (given) => usernameSchema.safeParse(given).data,
    ),
    email: readFlag('email', values.email, (given) => emailSchema.safeParse(given).data),
    role: readFlag('role', values.role, (given) => (isRole(given) ? given : undefined)),
  }
}

function isRole(text: string): text is AccountRole {
  return ROLES.includes(text)
}

/** @throws {StartError} that names the flag, what was found and what is accepted */
function readFlag<Value>(
  name: keyof typeof FLAGS,
  text: string | undefined,
  read: (text: string) => Value | undefined,
): Value {
  const value = text === undefined ? undefined : read(text)
  if (value !== undefined) return value
  const found = text === undefined ? 'missing' : JSON.stringify(text)
  throw new StartError(`--${name} is ${found}; accepted: ${FLAGS[name]}.`)
}
