import { MESSAGE_CHARACTERS_MAX } from './limits.ts'

/** The message without a long value that it quotes: a refusal never sends a caller's megabyte back. */
export function shorten(message: string): string {
  if (message.length <= MESSAGE_CHARACTERS_MAX) return message
  return `${message.slice(0, MESSAGE_CHARACTERS_MAX)}…`
}
