import { StartError } from '../errors.ts'

/**
 * Runs a command. What stops it is told in one line, without a stack where it was foreseen; the exit code is 1 then. Flags
 * that it does not know are answered with its usage.
 */
export async function runCommand(command: () => Promise<void>, usage = ''): Promise<void> {
  try {
    await command()
  } catch (error) {
    console.error(isForeseen(error) ? `maat: ${lineOf(error, usage)}` : error)
    process.exitCode = 1
  }
}

function lineOf(error: Error, usage: string): string {
  if (!isOfFlags(error)) return error.message
  // The parser's first sentence says what it met; the advice after it is about other commands.
  const [problem = ''] = error.message.split(/\.[ \n]|\n/)
  return `${problem.replace(/\.$/, '')}. Usage: ${usage}`
}

function isForeseen(error: unknown): error is Error {
  return error instanceof StartError || isOfFlags(error)
}

function isOfFlags(error: unknown): boolean {
  return (
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  )
}
