/**
 * Picks ranks from 0 so that rank r comes up about (r + 1)^-exponent as often as rank 0: a few own much, most own little.
 * Takes a number from 0 up to, not including, 1.
 */
export function createZipf(ranks: number, exponent: number): (random: number) => number {
  const sums = new Float64Array(ranks)
  let sum = 0
  for (let rank = 0; rank < ranks; rank += 1) {
    sum += (rank + 1) ** -exponent
    sums[rank] = sum
  }
  return (random) => firstAbove(sums, random * sum)
}

/** The first index whose value is above the limit; the values ascend. The last index where none is. */
function firstAbove(ascending: Float64Array, limit: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? Infinity) > limit) high = middle
    else low = middle + 1
  }
  return low
}
