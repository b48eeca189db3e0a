// Times the servers side by side: each in turn within each round, on the same data, one at a time.
import { createAnswers } from './answers.ts'
import { openBenchDatabase } from './bench-database.ts'
import { type Flags, readFlags } from './flags.ts'
import { startGenerator } from './generator.ts'
import { type Turn, takeTurn } from './measure.ts'
import { pinProcess } from './processes.ts'
import { progress } from './progress.ts'
import { printReport } from './report.ts'

try {
  process.stdout.write(`${await bench(readFlags(process.argv.slice(2)))}\n`)
} catch (error) {
  progress(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function bench(flags: Flags): Promise<string> {
  if (process.platform !== 'linux') throw new Error('The bench reads CPU times from /proc: Linux.')
  const database = await openBenchDatabase(flags.folder, flags.sizes)
  const generator = startGenerator()
  try {
    pinProcess('rest', database.postmaster)
    const setting = { database, generator, answers: createAnswers(database.rows), flags }
    const rounds: Turn[][] = []
    for (let round = 1; round <= flags.rounds; round += 1) {
      const turns: Turn[] = []
      for (const server of flags.servers) {
        progress(`round ${round} of ${flags.rounds}: ${server}`)
        turns.push(await takeTurn(server, setting))
      }
      rounds.push(turns)
    }
    return printReport(rounds, flags, database)
  } finally {
    generator.stop()
    await database.close()
  }
}
