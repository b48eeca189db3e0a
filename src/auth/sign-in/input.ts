import { z } from 'zod'

/** An e-mail address as it may be given: with one @, no white space, at most 254 characters. */
export const emailSchema = z
  .string()
  .trim()
  .max(254, 'An e-mail address has at most 254 characters.')
  .pipe(z.email('This is no e-mail address: accepted is name@example.org.'))

export const usernameSchema = z
  .string()
  .trim()
  .transform((text) => text.normalize('NFKC'))
  .pipe(
    z
      .string()
      .regex(
        /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,38}[\p{L}\p{N}])$/u,
        'A username has 2 to 40 letters, digits, spaces, dots, hyphens and underscores; it begins and ends with a letter or digit.',
      )
      .refine(
        (text) => !/^(acc|key|set|pat|cur|sug|bkm|ses|aud)_/i.test(text),
        'A username does not look like an id.',
      ),
  )

export const LANGUAGES = ['de', 'en', 'es', 'fr', 'nl', 'uk'] as const

/** A language, as the database has it: inputs name it in capitals. */
export const languageSchema = z.string().toLowerCase().pipe(z.enum(LANGUAGES))

/** Anything that may be the text of a secret: what it is, is found out later, and the same for all. */
export const secretSchema = z.string().max(4096, 'This is too long for any secret of ours.')
