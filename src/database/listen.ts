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

/**
 * Hears every notice of the channel from soon on, over a connection of its own that is made again whenever it is lost.
 * Never throws: while the database is away, there is nothing to hear.
 */
export function listen(options: pg.ClientConfig, subscription: Subscription): Unsubscribe {
  const stop = new AbortController()
  const done = hearUntilStopped(options, subscription, stop.signal)
  return () => {
    stop.abort()
    return done
  }
}

/** Between two attempts; doubled after each that fails. */
const WAIT_MS = { min: 50, max: 2_000 }

async function hearUntilStopped(
  options: pg.ClientConfig,
  subscription: Subscription,
  signal: AbortSignal,
): Promise<void> {
  let waitMs = WAIT_MS.min
  while (!signal.aborted) {
    const hasHeard = await hearUntilLost(options, subscription, signal)
    waitMs = hasHeard ? WAIT_MS.min : Math.min(waitMs * 2, WAIT_MS.max)
    // Rejects when it is stopped, as the loop then finds.
    await delay(waitMs, null, { signal, ref: false }).catch(() => {})
  }
}

/** Resolves when the connection is gone, with whether it ever stood. */
async function hearUntilLost(
  options: pg.ClientConfig,
  { channel, onNotice, onGap }: Subscription,
  signal: AbortSignal,
): Promise<boolean> {
  const client = new pg.Client(options)
  const lost = new Promise((resolve) => client.once('end', resolve))
  // What is wrong with a connection ends it, and that is all that counts here.
  client.on('error', () => {})
  client.on('notification', ({ payload = '' }) => onNotice(payload))
  const end = (): void => void client.end()
  try {
    await client.connect()
    await client.query(`listen ${pg.escapeIdentifier(channel)}`)
  } catch {
    await client.end()
    return false
  }
  onGap()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  await lost
  signal.removeEventListener('abort', end)
  if (!signal.aborted) onGap()
  return true
}
