import { KEY_PREFIX } from './api-key.ts'

/**
 * Whether the text holds what looks like an API key, or the beginning of one: in any case of letters, and escaped as in
 * a URL up to three times.
 */
export function mentionsKey(text: string): boolean {
  if (text.includes(KEY_PREFIX)) return true
  let plain = text
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const next = undoEscapes(plain)
    if (next === plain) break
    plain = next
  }
  return plain.toLowerCase().includes(KEY_PREFIX)
}

const ROUNDS_MAX = 3

/** decodeURIComponent throws on what is not UTF-8, and a key beside such bytes is a key all the same. */
function undoEscapes(text: string): string {
  if (!text.includes('%')) return text
  return text.replaceAll(/%([0-7][0-9a-f])/gi, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
