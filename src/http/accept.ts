import type { MediaType } from '../gateway/answer.ts'

/**
 * The media type in which to answer this Accept field: the one with the highest quality, the first named among equals.
 * Without a field, and for any wildcard, application/json. null: none that we have.
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Accept
 */
export function negotiateMediaType(accept: string | undefined): MediaType | null {
  if (accept === undefined) return 'application/json'
  const only = MEDIA_TYPES.get(accept)
  if (only !== undefined) return only
  let best: MediaType | null = null
  let bestQuality = 0
  for (const range of parseAccept(accept)) {
    const mediaType = MEDIA_TYPES.get(range.type)
    if (mediaType === undefined || range.quality <= bestQuality) continue
    best = mediaType
    bestQuality = range.quality
  }
  return best
}

/** Whether the field asks for a page rather than for JSON, as a browser's does: text/html by name, before any JSON. */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept?.includes('text/html') !== true) return false
  const ranges = parseAccept(accept)
  const html = ranges.find(({ type }) => type === 'text/html')?.quality ?? 0
  const json = ranges.filter(({ type }) => type.endsWith('json')).map(({ quality }) => quality)
  return html > 0 && json.every((quality) => quality < html)
}

/** Media range -> what it gets. A whole field that is one of these needs no parsing. */
const MEDIA_TYPES: ReadonlyMap<string, MediaType> = new Map([
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/json', 'application/json'],
  ['application/*', 'application/json'],
  ['*/*', 'application/json'],
])

interface MediaRange {
  readonly type: string
  /** 0 to 1; 0: not acceptable. */
  readonly quality: number
}

/** The ranges that allow UTF-8, the only encoding there is, in the order of the field. */
function parseAccept(accept: string): MediaRange[] {
  const ranges: MediaRange[] = []
  for (const item of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = item.split(';').map((part) => part.trim())
    const charset = parameterOf(parameters, 'charset')
    if (charset !== null && charset.replaceAll('"', '') !== 'utf-8') continue
    const quality = Number(parameterOf(parameters, 'q') ?? 1)
    ranges.push({ type, quality: quality >= 0 && quality <= 1 ? quality : 0 })
  }
  return ranges
}

function parameterOf(parameters: readonly string[], name: string): string | null {
  const found = parameters.find((parameter) => parameter.startsWith(`${name}=`))
  return found === undefined ? null : found.slice(name.length + 1)
}
