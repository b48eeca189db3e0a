// Times the seeding of an empty database on this machine: by default 10 000 accounts, 100 000 sets and 20 000 patterns.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/open.ts'
import { seed } from '../../src/seed/seed.ts'
import { openOrCreateVault } from '../../src/vault/key-file.ts'
import { progress } from './progress.ts'

const sets = Number(process.argv[2] ?? 100_000)
const scale = { accounts: sets / 10, sets, patterns: sets / 5, randomSeed: 1 }
const data = await mkdtemp(join(tmpdir(), 'maat-seeding-'))
const config = readConfig({ MAAT_DATA: data })
const database = await openDatabase(config, { applicationName: 'maat-background' })
try {
  const vault = await openOrCreateVault(database, config.keys)
  progress(`seeding ${sets} sets`)
  const start = performance.now()
  await seed({ database, vault, scale })
  const seconds = (performance.now() - start) / 1000
  const rows = scale.accounts + scale.sets + scale.patterns
  process.stdout.write(
    `${sets} sets, ${rows} rows in all: ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s\n`,
  )
} finally {
  await database.close()
  await rm(data, { recursive: true })
}
