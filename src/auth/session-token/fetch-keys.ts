import type { FetchImplementation } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { apiError } from '../../errors.ts'

export interface FetchKeysOptions {
  readonly clock: Clock
  /** Told why the keys could not be had, once for each time that they were asked for. */
  readonly onAway: (error: unknown) => void
}

/** After an issuer could not be reached it is left alone for this long: nobody waits for it, and it is not flooded. */
const AWAY_SECONDS = 5
const KEY_SET_BYTES_MAX = 262_144

/**
 * Fetches the key set of one issuer.
 * @throws {ApiError} UNAVAILABLE where it could not be had or is none, and at once for 5 s after that
 */
export function createFetchKeys({ clock, onAway }: FetchKeysOptions): FetchImplementation {
  let awayUntilMs = 0
  return async (url, options) => {
    if (clock().getTime() < awayUntilMs) throw unavailable()
    try {
      const response = await fetch(url, options)
      if (response.status !== 200) throw new Error(`The keys came with status ${response.status}.`)
      return Response.json(keySetSchema.parse(JSON.parse(await readBounded(response))))
    } catch (error) {
      awayUntilMs = clock().getTime() + AWAY_SECONDS * 1000
      onAway(error)
      throw unavailable()
    }
  }
}

const keySetSchema = z.object({ keys: z.array(z.looseObject({})) })

function unavailable() {
  return apiError('UNAVAILABLE', { extensions: { retryAfterSeconds: AWAY_SECONDS } })
}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > KEY_SET_BYTES_MAX) throw new Error('The keys are larger than 256 kB.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
