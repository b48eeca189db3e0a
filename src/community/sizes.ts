/** What may be stored: characters of a name, bytes of notes and of each JSON value in UTF-8. */
export const SIZES = { nameCharacters: 200, notesBytes: 16_000, jsonBytes: 64_000 } as const
