import { readFileSync } from 'node:fs'

import { StartError } from './errors.ts'

/**
 * What the file at this path holds.
 * @throws {StartError} in one line: where it can not be read, and where it is no JSON
 */
export function readJsonFile(path: string): unknown {
  return parseJson(readTextFile(path), path)
}

/** @throws {StartError} in one line where the file can not be read */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    throw new StartError(`${path} can not be read: ${code}.`, { cause })
  }
}

/** @throws {StartError} in one line, with the path that the text came from, where it is no JSON */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StartError(`${path} is no JSON.`, { cause })
  }
}
