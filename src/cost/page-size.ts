export const DEFAULT_PAGE_SIZE = 20
export const MAX_PAGE_SIZE = 100

export type PageSize =
  | { readonly kind: 'page'; readonly direction: 'forward' | 'backward'; readonly size: number }
  | { readonly kind: 'invalid'; readonly argument: 'first' | 'last'; readonly message: string }

/**
 * How many items the arguments `first` and `last` ask for, for the price and for the statement alike. Absent and null mean
 * the default; 1 to 100 are accepted, one of the two.
 */
export function pageSize(values: Readonly<Record<string, unknown>>): PageSize {
  const first = values['first'] ?? null
  const last = values['last'] ?? null
  if (first !== null && last !== null) {
    return { kind: 'invalid', argument: 'last', message: 'Give first or last, not both.' }
  }
  const argument = last === null ? 'first' : 'last'
  const size = last ?? first ?? DEFAULT_PAGE_SIZE
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    const message = `${argument} is ${JSON.stringify(size)}; a page holds 1 to ${MAX_PAGE_SIZE} items.`
    return { kind: 'invalid', argument, message }
  }
  return { kind: 'page', direction: last === null ? 'forward' : 'backward', size }
}
