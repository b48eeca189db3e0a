import type { AccessLevel } from '../auth/access.ts'

/** What a document may hold at most; checked before, or instead of, work that grows with it. */
export const DOCUMENT_LIMITS = {
  /** Bytes of the text in UTF-8. */
  bytes: 16_384,
  tokens: 1_000,
  /** Levels of one operation: a field or an inline fragment is one, a spread is two. */
  depth: 10,
  /** Aliases of one operation, those in fragments included. */
  aliases: 15,
  directives: 8,
  /** Characters of a response name. */
  nameLength: 100,
  /** Occurrences of one response name in one merged selection set. */
  occurrences: 50,
  /** Fields in all merged selection sets together. */
  fields: 5_000,
} as const

/** Problems of one kind that one refusal names at most. */
export const PROBLEMS_MAX = 10

/** Characters of a message that quotes what a request holds. */
export const MESSAGE_CHARACTERS_MAX = 300

/** Characters of the JSON text of an answer's data. */
export const ANSWER_CHARACTERS_MAX = 8 * 1024 * 1024

/** Response paths that a report of the cost names at most. */
export const REPORTED_FIELDS_MAX = 100

/** Memory that verdicts on documents may take. */
export const KNOWN_DOCUMENTS_BYTES = 32 * 1024 * 1024

/** Bytes of a request's body. */
export const BODY_BYTES_MAX = { ordinary: 100_000, large: 1_000_000 } as const

/** Characters that are read for one attempt, beyond as many that are read for nothing: parsing them takes a millisecond. */
export const CHARACTERS_PER_ATTEMPT = 10_000

/** From here on bodies may be large: an account imports sets in one mutation. */
export const LARGE_BODY_LEVEL: AccessLevel = 3
