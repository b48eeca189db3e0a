import { BoundedMap } from './bounded-map.ts'
import { Holder } from './holder.ts'
import type { Claim } from './store.ts'

/** The holders of one gateway: one for all claims on the same budgets, whatever those hold. */
export class Holders {
  readonly #byKey = new BoundedMap<Holder>(HOLDERS_MAX)
  readonly #byClaims = new WeakMap<readonly Claim[], Holder>()

  of(claims: readonly Claim[]): Holder {
    const known = this.#byClaims.get(claims)
    if (known !== undefined) return known
    const key = claims.map(({ partition, subject }) => `${partition}:${subject}|`).join('')
    const holder = this.#byKey.get(key) ?? new Holder(key)
    this.#byKey.set(key, holder)
    this.#byClaims.set(claims, holder)
    return holder
  }

  /** All of them, but for those that gave way to others since. */
  all(): Iterable<Holder> {
    return this.#byKey.values()
  }
}

const HOLDERS_MAX = 10_000
