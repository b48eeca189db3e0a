import { z } from 'zod'
import { languageSchema, LANGUAGES } from '../../auth/sign-in/input.ts'
import type { Language } from '../../database/tables.generated.ts'

/** A text in some languages. */
export type Texts = { readonly [language in Language]?: string }

/** What changes of it: a text by language, null for one that goes. */
export type TextChanges = { readonly [language in Language]?: string | null | undefined }

/** A list of texts, one for each language at most; read as texts by language. */
export function textsSchema<Text>(text: z.ZodType<Text>) {
  return z
    .array(z.object({ language: languageSchema, text }))
    .refine(
      (texts) => new Set(texts.map(({ language }) => language)).size === texts.length,
      'There is one text for each language at most.',
    )
    .transform((texts) => {
      const byLanguage: { [language in Language]?: Text } = {}
      for (const { language, text: one } of texts) byLanguage[language] = one
      return byLanguage
    })
}

/** The texts with these changes, in the order of the languages. */
export function withTexts(present: Texts, changes: TextChanges): Texts {
  const changed: { [language in Language]?: string } = {}
  for (const language of LANGUAGES) {
    const change = changes[language]
    const text = change === undefined ? present[language] : change
    if (text != null) changed[language] = text
  }
  return changed
}
