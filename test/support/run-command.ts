import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface CommandOutcome {
  /** null where a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCommand {
  readonly child: ChildProcess
  /** Settles when something was written to standard error, or the command ended without it. */
  readonly firstLine: Promise<unknown>
  readonly done: Promise<CommandOutcome>
}

/** Runs a command of src/bin to its end, with these variables beside those of this process. */
export function runCommand(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandOutcome> {
  return startCommand(name, args, env).done
}

/** Starts a command of src/bin. */
export function startCommand(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): RunningCommand {
  const path = fileURLToPath(new URL(`../../src/bin/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { env: { ...process.env, ...env } })
  const done = outcomeOf(child)
  return { child, firstLine: Promise.race([once(child.stderr, 'data'), done]), done }
}

async function outcomeOf(child: ChildProcess): Promise<CommandOutcome> {
  const texts = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()))
  await once(child, 'close')
  return { code: child.exitCode, ...texts }
}
