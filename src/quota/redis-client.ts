import { Redis } from 'ioredis'

import { apiError } from '../errors.ts'
import { SCRIPTS } from './redis-scripts.ts'

/** In milliseconds; what is away is told at once, and what is slow is away. */
const LIMITS = { connect: 250, command: 250, silence: 1000, backOffMax: 1000 } as const

/** One connection that comes back by itself. */
export interface RedisClient {
  /**
   * What the script answers. Never sent twice.
   * @throws {ApiError} UNAVAILABLE when Redis is away, too slow, loading or full
   */
  run(
    script: keyof typeof SCRIPTS,
    keys: readonly string[],
    args: readonly unknown[],
  ): Promise<unknown>
  /** Resolves once connected, or once that has taken too long. Never rejects. */
  settled(): Promise<void>
  close(): Promise<void>
}

/**
 * A client of the Redis at redis://…, rediss://… or the path of a Unix socket.
 * @throws {Error} when the address is none; it never says the address, which may hold a password
 */
export function connectRedis(url: string): RedisClient {
  if (!isAddress(url)) throw new Error('The address of Redis is neither a redis:// URL nor a path.')
  const redis = new Redis(url, {
    connectTimeout: LIMITS.connect,
    disconnectTimeout: LIMITS.connect,
    commandTimeout: LIMITS.command,
    // A stalled server would collect all that we send: a connection that stays silent is given up.
    socketTimeout: LIMITS.silence,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    maxLoadingRetryTime: LIMITS.backOffMax,
    retryStrategy: (times) => Math.min(25 * 2 ** Math.min(times, 6), LIMITS.backOffMax),
    connectionName: 'maat',
    scripts: scriptOptions(),
  })
  let lastError: Error | null = null
  redis.on('error', (error: Error) => (lastError = error))
  redis.on('ready', () => (lastError = null))
  // defineCommand, which `scripts` calls, adds a method for each script.
  const scripts = redis as unknown as Scripts

  return {
    async run(script, keys, args) {
      try {
        return await scripts[script](keys.length, ...keys, ...args)
      } catch (error) {
        throw failureOf(error, lastError)
      }
    },
    settled: () => settled(redis),
    async close() {
      redis.disconnect()
    },
  }
}

type Scripts = Record<keyof typeof SCRIPTS, (...args: readonly unknown[]) => Promise<unknown>>

function scriptOptions(): Record<string, { lua: string }> {
  return Object.fromEntries(Object.entries(SCRIPTS).map(([name, lua]) => [name, { lua }]))
}

/** Options in a query would override ours. */
function isAddress(url: string): boolean {
  if (url.startsWith('/')) return !url.includes('?')
  const { protocol, search } = URL.parse(url) ?? {}
  return (protocol === 'redis:' || protocol === 'rediss:') && search === ''
}

/**
 * A script that was called wrongly is a defect; everything else is an outage. Its cause is the text alone: what ioredis
 * throws carries the command with its arguments, and the first command of a connection carries the password.
 */
function failureOf(error: unknown, lastError: Error | null): Error {
  if (!(error instanceof Error)) return new Error('Redis failed without a reason.')
  const isDefect = error.name === 'ReplyError' && /^(MAAT|ERR|WRONGTYPE) /.test(error.message)
  if (isDefect) return new Error(error.message)
  const reason = lastError ?? error
  const code = 'code' in reason && typeof reason.code === 'string' ? reason.code : reason.name
  return apiError('UNAVAILABLE', { cause: new Error(`Redis is away. ${code} ${reason.message}`) })
}

function settled(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    if (redis.status === 'ready') return resolve()
    const timer = setTimeout(resolve, LIMITS.connect + LIMITS.command)
    redis.once('ready', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
