import { StartError } from '../errors.ts'

/** Runs a command. What stops it is told in one line, without a stack where it was foreseen; the exit code is 1 then. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    console.error(isForeseen(error) ? `maat: ${error.message}` : error)
    process.exitCode = 1
  }
}

function isForeseen(error: unknown): error is Error {
  if (error instanceof StartError) return true
  return (
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  )
}
