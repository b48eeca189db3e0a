import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, inject, test } from 'vitest'
import { ACCESS, type Scope } from '../../src/auth/access.ts'
import { connectDatabase } from '../../src/database/connect.ts'
import { scopesOf } from '../../src/schema/plan/required-scopes.ts'
import { schema } from '../../src/schema/schema.ts'
import { createKeyFile } from '../../src/vault/key-file.ts'
import { createVault, type Vault } from '../../src/vault/vault.ts'
import { AMPLE_ROWS } from '../support/policies.ts'
import { query, urlOf } from '../support/postgres.ts'
import { startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { whenDone } from '../support/when-done.ts'
import { type Community, insertCommunity, type Place, proveAgain } from './community.ts'
import { EDITS } from './edits.ts'
import { checkMatrix, checkMutations, findWrongCell } from './matrix.ts'
import { EDIT_VARIABLE } from './mutant-hook.ts'
import { accessMutants, type Mutant } from './mutants.ts'

/** Gateways at the same time: each has a process, and what it asks of PostgreSQL another. */
const AT_ONCE = 2
const HOOK = pathToFileURL(fileURLToPath(new URL('mutant-hook.ts', import.meta.url))).href

interface World {
  readonly community: Community
  readonly vault: Vault
  readonly env: Readonly<Record<string, string>>
  /** Name of a database that nobody is connected to. */
  readonly template: string
}

test('a gateway with any rule flipped answers some cell otherwise, and one without none', async () => {
  const world = await createWorld()
  const sound = await asGateway(world, null, async (matrix, place) => {
    const { cells, wrong } = await checkMatrix(matrix)
    const done = await checkMutations(matrix, place)
    return { cells: cells + done.cells, wrong: [...wrong, ...done.wrong] }
  })
  expect(sound.wrong).toEqual([])
  const mutants = [...accessMutants(scopesInUse()), ...EDITS]
  const survivors: string[] = []
  const waiting = mutants.values()
  const work = async (): Promise<void> => {
    for (const mutant of waiting) {
      const wrong = await noticed(world, mutant)
      if (wrong === null) survivors.push(`${mutant.file}: ${mutant.name}`)
      process.stdout.write(`${wrong === null ? 'SURVIVES' : 'killed'} ${mutant.name} (${wrong})\n`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const killed = mutants.length - survivors.length
  process.stdout.write(`${killed} of ${mutants.length} mutants killed over ${sound.cells} cells\n`)
  expect(survivors).toEqual([])
})

/** Scopes that a field names, and the one that acts ask for. */
function scopesInUse(): readonly Scope[] {
  const named = new Set<string>(['accounts:write'])
  for (const type of Object.values(schema.getTypeMap())) {
    if (!('getFields' in type)) continue
    for (const field of Object.values(type.getFields())) {
      if ('args' in field) for (const scope of scopesOf(field)) named.add(scope)
    }
  }
  return (Object.keys(ACCESS) as Scope[]).filter((scope) => named.has(scope)) // keys of a constant table
}

/** Coordinates of the fields that name the scope; all fields where none is given. */
function fieldsOf(scope: Scope | undefined): (coordinate: string) => boolean {
  return (coordinate) => {
    if (scope === undefined) return true
    const [name = '', member = ''] = coordinate.split('.')
    const type = schema.getType(name)
    const field = type !== undefined && 'getFields' in type ? type.getFields()[member] : undefined
    return field !== undefined && 'args' in field && scopesOf(field).includes(scope)
  }
}

function noticed(world: World, mutant: Mutant): Promise<string | null> {
  const { part, scope } = mutant
  return asGateway(world, mutant, (matrix, place) =>
    findWrongCell(matrix, place, { part, about: fieldsOf(scope) }),
  )
}

async function createWorld(): Promise<World> {
  const folder = await temporaryFolder()
  const keys = join(folder, 'keys.json')
  const policies = join(folder, 'policies.json')
  const levels = Object.fromEntries(
    [5, 6, 7, 8].map((level) => [level, { ceiling: AMPLE_ROWS.ceiling }]),
  )
  await writeFile(policies, JSON.stringify({ ...AMPLE_ROWS, levels }))
  const vault = createVault(await createKeyFile(keys))
  const { template: empty } = inject('server')
  const template = `${empty}_community`
  const { url, drop } = await createDatabase(template, empty)
  whenDone(drop)
  const database = connectDatabase({ url, applicationName: 'maat' })
  const community = await insertCommunity({ database, vault, publicUrl: '' })
  // Else the shares of the month, which are among the cells, were counted anew.
  await database.pool.query(`insert into job (name, due_at) values ('bill', 'infinity')`)
  await database.close()
  const env = {
    MAAT_DATA: folder,
    MAAT_KEYS: keys,
    MAAT_POLICIES: policies,
    MAAT_DEMO: '0',
    // All but one of the modules are those of the gateway before.
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  }
  return { community, vault, env, template }
}

type Ask<Answer> = (matrix: Parameters<typeof checkMatrix>[0], place: Place) => Promise<Answer>

/** A gateway of its own over a database of its own, edited or as it is, for as long as it takes to ask it. */
async function asGateway<Answer>(
  { community, vault, env, template }: World,
  mutant: Mutant | null,
  ask: Ask<Answer>,
): Promise<Answer> {
  const port = await freePort()
  const { url, drop } = await createDatabase(`${template}_${port}`, template)
  const gateway = await startGateway({
    ...env,
    ...(mutant === null ? {} : { [EDIT_VARIABLE]: JSON.stringify(mutant) }),
    DATABASE_URL: url,
    PORT: String(port),
    NODE_OPTIONS: `--import ${HOOK}`,
  })
  const database = connectDatabase({ url, applicationName: 'maat' })
  try {
    const { origin } = gateway
    const place = { database, vault, publicUrl: origin }
    return await ask({ schema, origin, community: await proveAgain(place, community) }, place)
  } finally {
    await database.close()
    await gateway.end('SIGKILL')
    await drop()
  }
}

async function createDatabase(name: string, template: string) {
  const { url } = inject('server')
  await query(url, `create database ${name} template ${template} strategy file_copy`)
  const drop = async () => {
    await query(url, `drop database ${name} with (force)`)
  }
  return { url: urlOf(url, name), drop }
}

const given = new Set<number>()

/** A port that was free a moment ago, and is given once: sessions name the gateway's address before it is there. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('There is no port.')
  if (given.has(address.port)) return freePort()
  given.add(address.port)
  return address.port
}
