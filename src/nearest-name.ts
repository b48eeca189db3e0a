/** The one of these names, of which there is at least one, that a misspelt one most likely stands for. */
export function nearestName(name: string, names: readonly string[]): string {
  const near = names.toSorted((a, b) => distance(name, a) - distance(name, b))[0]
  if (near === undefined) throw new Error('There are no names to choose from.')
  return near
}

/** Levenshtein's: how many letters to add, drop or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of from.split('').entries()) {
    const next = [index + 1]
    for (const [column, other] of to.split('').entries()) {
      const change = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
