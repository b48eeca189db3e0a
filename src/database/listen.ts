import { setTimeout as delay } from 'node:timers/promises'

import pg from 'pg'

export interface Subscription {
  readonly channel: string
  readonly onNotice: (payload: string) => void
  /** Called when notices may have been missed: the connection stands for the first time or again, or is lost. */
  readonly onGap: () => void
}

/** Ends a subscription: nothing of it is called from then on. */
export type Unsubscribe = () => Promise<void>

/** Between two attempts; doubled after each that fails. */
const WAIT_MS = { min: 50, max: 2_000 }

/**
 * Hears every notice of channels from soon on, over one connection for all of them, which is made again whenever it is lost and
 * closed once nothing is subscribed to. Never throws: while the database is away, there is nothing to hear.
 */
export class Listener {
  readonly #options: pg.ClientConfig
  readonly #subscriptions = new Set<Subscription>()
  /** The connection, while it stands. */
  #client: pg.Client | null = null
  #asking: Promise<unknown> = Promise.resolve()
  #hearing: { readonly stop: AbortController; readonly done: Promise<void> } | null = null

  constructor(options: pg.ClientConfig) {
    this.#options = options
  }

  subscribe(subscription: Subscription): Unsubscribe {
    this.#subscriptions.add(subscription)
    if (this.#client !== null) void this.#hear(this.#client, subscription)
    if (this.#hearing === null) {
      const stop = new AbortController()
      this.#hearing = { stop, done: this.#hearUntilStopped(stop.signal) }
    }
    return async () => {
      this.#subscriptions.delete(subscription)
      const hearing = this.#hearing
      if (this.#subscriptions.size > 0 || hearing === null) return
      this.#hearing = null
      this.#client = null
      hearing.stop.abort()
      await hearing.done
    }
  }

  async #hearUntilStopped(signal: AbortSignal): Promise<void> {
    let waitMs = WAIT_MS.min
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      const hasHeard = await this.#hearUntilLost(signal)
      waitMs = hasHeard ? WAIT_MS.min : Math.min(waitMs * 2, WAIT_MS.max)
      // Rejects when it is stopped, as the loop then finds.
      // oxlint-disable-next-line no-await-in-loop
      await delay(waitMs, null, { signal, ref: false }).catch(() => {})
    }
  }

  /** Resolves when the connection is gone, with whether it ever stood. */
  async #hearUntilLost(signal: AbortSignal): Promise<boolean> {
    const client = new pg.Client(this.#options)
    const lost = new Promise((resolve) => client.once('end', resolve))
    // What is wrong with a connection ends it, and that is all that counts here.
    client.on('error', () => {})
    client.on('notification', ({ channel, payload = '' }) => {
      for (const each of this.#subscriptions) if (each.channel === channel) each.onNotice(payload)
    })
    try {
      await client.connect()
    } catch {
      await client.end()
      return false
    }
    const end = (): void => void client.end()
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    this.#client = client
    const heard = [...this.#subscriptions].map((subscription) => this.#hear(client, subscription))
    const hasHeard = (await Promise.all(heard)).every(Boolean)
    await lost
    if (this.#client === client) this.#client = null
    signal.removeEventListener('abort', end)
    if (!signal.aborted) for (const each of this.#subscriptions) each.onGap()
    return hasHeard
  }

  /** Whether the connection hears its channel from now on; where it can not, it is given up. */
  #hear(client: pg.Client, subscription: Subscription): Promise<boolean> {
    // A connection does one thing at a time.
    const asked = this.#asking.then(() => this.#ask(client, subscription))
    this.#asking = asked
    return asked
  }

  async #ask(client: pg.Client, subscription: Subscription): Promise<boolean> {
    try {
      await client.query(`listen ${pg.escapeIdentifier(subscription.channel)}`)
    } catch {
      await client.end()
      return false
    }
    if (this.#subscriptions.has(subscription)) subscription.onGap()
    return true
  }
}
