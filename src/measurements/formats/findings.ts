import type { Problem } from '../../errors.ts'

/** What is told of a file: its problems, and the members that nobody reads. */
export interface Findings {
  /** Refuses what was found at a path, null for the whole text. The message is only made where it is told. */
  readonly refuse: (path: string | null, found: unknown, message: () => string) => void
  readonly ignore: (path: string) => void
  readonly problems: Told<Problem>
  /** Paths. */
  readonly ignored: Told<string>
}

/** The first of many, and how many more there are. */
export interface Told<Item> {
  readonly first: readonly Item[]
  readonly more: number
  readonly count: number
}

/** No answer is many times as large as the file. */
const TOLD_MAX = 100
const CHARACTERS_MAX = 100
const MESSAGE_CHARACTERS_MAX = 400

/** What is longer than any name is not compared with the names to its end. */
export const NAME_CHARACTERS_COMPARED = 40

/** Collects findings; tells the first 100 problems and the first 100 ignored members. */
export function createFindings(): Findings {
  const problems = bounded<Problem>()
  const ignored = bounded<string>()
  return {
    refuse: (path, found, message) =>
      problems.add(() => ({
        code: 'INPUT_INVALID',
        message: shortened(message(), MESSAGE_CHARACTERS_MAX),
        ...(path === null ? {} : { path: shortened(path) }),
        ...(found === undefined ? {} : { found: shown(found) }),
      })),
    ignore: (path) => ignored.add(() => shortened(path)),
    problems,
    ignored,
  }
}

function bounded<Item>() {
  const first: Item[] = []
  let count = 0
  return {
    first,
    get count() {
      return count
    },
    get more() {
      return count - first.length
    },
    add(make: () => Item) {
      if (count < TOLD_MAX) first.push(make())
      count += 1
    },
  }
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return shortened(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : value
}

function shortened(text: string, max = CHARACTERS_MAX): string {
  return text.length > max ? `${text.slice(0, max)}…` : text
}
