/** What points are paid for, by its name, and what each costs. */
export type PriceList = Readonly<Record<string, number>>

/** Prices as they are, and as somebody proposes them: of the same things. */
export interface PriceChange {
  readonly now: PriceList
  readonly proposed: PriceList
}

/**
 * By how much what pays so often for what is dearer at the proposed prices; 1 where it pays for nothing. Things that no price
 * list has cost nothing before and after.
 */
export function factorOf({ now, proposed }: PriceChange, paid: PriceList): number {
  let [before, after] = [0, 0]
  for (const [name, count] of Object.entries(paid)) {
    before += count * (now[name] ?? 0)
    after += count * (proposed[name] ?? 0)
  }
  return before > 0 ? after / before : 1
}
