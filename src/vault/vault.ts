import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomFillSync,
} from 'node:crypto'

import type { KeyRing, PurposeKeys } from './key-ring.ts'
import { OpenedLabels } from './opened-labels.ts'
import { VaultError } from './vault-error.ts'

/** Seals, opens and digests what is personal. Holds keys; no text passes into an error. */
export interface Vault {
  /** `<key id>.<base64url of IV, ciphertext and tag>` under the fields key in use; never the same twice. */
  seal(plain: string, place: string): string
  /**
   * The text that was sealed at this place.
   * @throws {VaultError} when it was moved, altered, or sealed under a key that the key file lacks
   */
  open(sealed: string, place: string): string
  /** As `open`, for labels: those opened lately are remembered. */
  openLabel(sealed: string, place: string): string
  /** 32 bytes, equal for labels that differ only in letter case, surrounding space or Unicode composition. */
  labelIndex(label: string): Buffer
  readonly pepper: Pepper
  /**
   * The keys that sign sessions, as the key file has them: looked at anew once a second, and whenever the wanted one is
   * missing. Those before the one in use verify what they signed; one that left the file is gone within a second.
   */
  sessionKeys(wanted?: string): PurposeKeys
}

export interface Pepper {
  /** The pepper that digests new API keys. */
  readonly id: string
  /**
   * HMAC-SHA-256 of the text, 32 bytes, under the pepper in use or the one named.
   * @throws {VaultError} when the key file lacks that pepper
   */
  digest(text: string, pepperId?: string): Buffer
}

export interface VaultOptions {
  /**
   * Gives a newer ring where there is one, else null: so a key that a rotation makes beside this process is taken up. Asked
   * when a value was sealed under an unknown key, and once a second while values are sealed.
   */
  readonly refresh?: () => KeyRing | null
  /** Monotonic time in milliseconds. */
  readonly now?: () => number
}

/** A vault over these keys. */
export function createVault(ring: KeyRing, options: VaultOptions = {}): Vault {
  return new GcmVault(ring, options)
}

/** A label as its blind index sees it; a username as it is compared. */
export function normalizeLabel(label: string): string {
  return label.normalize('NFKC').toLowerCase().trim()
}

const IV_BYTES = 12
const TAG_BYTES = 16
const REFRESH_INTERVAL_MS = 1000

class GcmVault implements Vault {
  readonly pepper: Pepper
  readonly #refresh: () => KeyRing | null
  readonly #now: () => number
  readonly #indexKey: KeyObject
  readonly #labels: OpenedLabels
  #fields: ReadonlyMap<string, KeyObject>
  #currentId: string
  #sessions: PurposeKeys
  #refreshedAt: number

  constructor(ring: KeyRing, { refresh = () => null, now = monotonicMs }: VaultOptions) {
    this.#refresh = refresh
    this.#now = now
    this.#refreshedAt = now()
    this.#labels = new OpenedLabels(now)
    this.#fields = keyObjects(ring.fields)
    this.#currentId = ring.fields.current
    this.#sessions = ring.sessions
    this.#indexKey = currentKey(ring.index)
    this.pepper = createPepper(ring.pepper)
  }

  seal(plain: string, place: string): string {
    if (this.#now() - this.#refreshedAt >= REFRESH_INTERVAL_MS) this.#takeUp()
    const key = this.#fields.get(this.#currentId)
    if (key === undefined) throw new VaultError('unknown-key', place)
    const iv = nextIv()
    const cipher = createCipheriv('aes-256-gcm', key, iv)
    cipher.setAAD(Buffer.from(place))
    const parts = [iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]
    return `${this.#currentId}.${Buffer.concat(parts).toString('base64url')}`
  }

  open(sealed: string, place: string): string {
    const dot = sealed.indexOf('.')
    const text = sealed.slice(dot + 1)
    const bytes = Buffer.from(text, 'base64url')
    const end = bytes.length - TAG_BYTES
    if (dot < 1 || end < IV_BYTES || !readsBack(bytes, text)) {
      throw new VaultError('malformed', place)
    }
    const decipher = createDecipheriv(
      'aes-256-gcm',
      this.#keyOf(sealed.slice(0, dot), place),
      bytes.subarray(0, IV_BYTES),
    )
    decipher.setAAD(Buffer.from(place))
    decipher.setAuthTag(bytes.subarray(end))
    const plain = decipher.update(bytes.subarray(IV_BYTES, end))
    try {
      decipher.final()
    } catch {
      // The cause says no more than this, and nothing of it may travel with the error.
      throw new VaultError('altered', place)
    }
    return plain.toString('utf8')
  }

  openLabel(sealed: string, place: string): string {
    const known = this.#labels.get(sealed, place)
    if (known !== undefined) return known
    const plain = this.open(sealed, place)
    this.#labels.set(sealed, place, plain)
    return plain
  }

  labelIndex(label: string): Buffer {
    return createHmac('sha256', this.#indexKey).update(normalizeLabel(label)).digest()
  }

  sessionKeys(wanted?: string): PurposeKeys {
    const isDue = this.#now() - this.#refreshedAt >= REFRESH_INTERVAL_MS
    const isMissing = wanted !== undefined && !this.#sessions.keys.has(wanted)
    // A missing one at once: another gateway may sign with a key that is younger than our last look.
    if (isDue || isMissing) this.#takeUp()
    return this.#sessions
  }

  #keyOf(id: string, place: string): KeyObject {
    const known = this.#fields.get(id)
    if (known !== undefined) return known
    this.#takeUp()
    const fresh = this.#fields.get(id)
    if (fresh === undefined) throw new VaultError('unknown-key', place)
    return fresh
  }

  /** Keys of an older ring stay, so that a row that was read before a rotation ended still opens. */
  #takeUp(): void {
    this.#refreshedAt = this.#now()
    const ring = this.#refresh()
    if (ring === null) return
    this.#fields = new Map([...keyObjects(ring.fields), ...this.#fields])
    this.#currentId = ring.fields.current
    this.#sessions = ring.sessions
  }
}

function createPepper(peppers: PurposeKeys): Pepper {
  const keys = keyObjects(peppers)
  return {
    id: peppers.current,
    digest(text, pepperId = peppers.current) {
      const key = keys.get(pepperId)
      if (key === undefined) throw new VaultError('unknown-key', `pepper/${pepperId}`)
      return createHmac('sha256', key).update(text).digest()
    },
  }
}

function keyObjects({ keys }: PurposeKeys): Map<string, KeyObject> {
  return new Map([...keys].map(([id, key]) => [id, createSecretKey(key)]))
}

function currentKey(purpose: PurposeKeys): KeyObject {
  const key = keyObjects(purpose).get(purpose.current)
  if (key === undefined) throw new Error('The key in use is not in the ring.')
  return key
}

/** Decoding skips what is not base64url, and the last bits of the last character: only one text stands for these bytes. */
function readsBack(bytes: Buffer, text: string): boolean {
  const rest = bytes.length % 3
  const tail = rest === 0 ? '' : bytes.toString('base64url', bytes.length - rest)
  return text.length === Math.ceil((bytes.length * 4) / 3) && text.endsWith(tail)
}

function monotonicMs(): number {
  return performance.now()
}

/** One call for 256 IVs: asking the system for 12 bytes costs as much as sealing a name. */
const ivs = Buffer.alloc(256 * IV_BYTES)
let ivsUsed = ivs.length

function nextIv(): Buffer {
  if (ivsUsed === ivs.length) {
    randomFillSync(ivs)
    ivsUsed = 0
  }
  ivsUsed += IV_BYTES
  return ivs.subarray(ivsUsed - IV_BYTES, ivsUsed)
}
