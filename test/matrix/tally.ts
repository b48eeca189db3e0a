/** What was compared so far. */
export interface Tally {
  /** Cells that were asserted: one principal and one field, row or argument each. */
  cells: number
  /** One line for each cell that came out otherwise than expected. */
  readonly wrong: string[]
}

export function emptyTally(): Tally {
  return { cells: 0, wrong: [] }
}

/** Counts the cells that were expected, and notes those that are missing and those that nobody expected. */
export function compare(
  tally: Tally,
  where: string,
  { expected, found }: { readonly expected: Iterable<string>; readonly found: Iterable<string> },
): void {
  const [wanted, got] = [new Set(expected), new Set(found)]
  for (const cell of wanted) if (!got.has(cell)) tally.wrong.push(`${where}: missing ${cell}`)
  for (const cell of got) if (!wanted.has(cell)) tally.wrong.push(`${where}: unexpected ${cell}`)
}
