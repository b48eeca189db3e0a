import { z } from 'zod'

export const TITLE_CHARACTERS = 255
export const URL_CHARACTERS = 1_023

const typeSchema = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['set', 'curated_set', 'pattern', 'design', 'doc', 'custom']))

const titleSchema = z
  .string()
  .trim()
  .refine(
    (title) => title.length > 0 && Array.from(title).length <= TITLE_CHARACTERS,
    `A title has 1 to ${TITLE_CHARACTERS} characters.`,
  )

/** An address on the web, or a path of whichever site shows the bookmark: nothing that runs when it is opened. */
const urlSchema = z
  .string()
  .max(URL_CHARACTERS, `The address of a bookmark has at most ${URL_CHARACTERS} characters.`)
  .refine(leadsSomewhere, 'A bookmark leads to an http(s):// address, or to a path such as /docs.')

/** The members of a bookmark that a client gives. */
export const BOOKMARK_MEMBERS = { type: typeSchema, title: titleSchema, url: urlSchema } as const

function leadsSomewhere(text: string): boolean {
  // URL.parse drops line breaks and tabs; they would stay in what is stored.
  if (!/^[^\s\p{Cc}]+$/u.test(text)) return false
  // Beside //host a browser takes \\host for another site, too: a path stays at the one that it is read from.
  if (text.startsWith('/')) return URL.parse(text, NOWHERE)?.origin === NOWHERE
  const url = URL.parse(text)
  return /^https?:\/\//i.test(text) && url !== null && url.username === '' && url.password === ''
}

const NOWHERE = 'https://nowhere.invalid'
