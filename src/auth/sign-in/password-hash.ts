export const SALT_BYTES = 16
export const TAG_BYTES = 32

/** What argon2id has made of a password, and what it takes to do that again. */
export interface PasswordHash {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  /** 16 bytes. */
  readonly salt: Buffer
  /** 32 bytes. */
  readonly tag: Buffer
}

/**
 * The hash as a PHC string, 97 characters at the present cost.
 * @see https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
 */
export function printPasswordHash({
  memory,
  passes,
  parallelism,
  salt,
  tag,
}: PasswordHash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

/** No hash that is read asks for more work than this: a quarter GiB, 16 times. */
const COST_MAX = { memory: 262_144, passes: 16, parallelism: 4 } as const

/**
 * The hash that prints as this text, and no other text.
 * @throws {Error} which does not hold the text, for what is none or costs more than 256 MiB, 16 passes or 4 lanes
 */
export function parsePasswordHash(text: string): PasswordHash {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(text) ?? []
  const hash = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
  // Leading zeros and loose last bits do not print again.
  if (!isBearable(hash) || printPasswordHash(hash) !== text) {
    throw new Error('A stored password hash is none.')
  }
  return hash
}

/** False for NaN, too. */
function isBearable({ memory, passes, parallelism }: PasswordHash): boolean {
  return (
    passes >= 1 &&
    passes <= COST_MAX.passes &&
    parallelism >= 1 &&
    parallelism <= COST_MAX.parallelism &&
    memory >= 8 * parallelism &&
    memory <= COST_MAX.memory
  )
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
