/** The message without a long value that it quotes: a refusal never sends a caller's megabyte back. */
export function shorten(message: string): string {
  return message.length <= LENGTH_MAX ? message : `${message.slice(0, LENGTH_MAX)}…`
}

const LENGTH_MAX = 300
