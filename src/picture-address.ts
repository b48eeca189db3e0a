import { z } from 'zod'

export const PICTURE_CHARACTERS = 2_000

/** The address of a picture, which nobody fetches here. */
export const pictureSchema = z
  .string()
  .max(PICTURE_CHARACTERS, `The address of a picture has at most ${PICTURE_CHARACTERS} characters.`)
  .refine(isHttpsUrl, 'A picture is an https:// address, without a name and password in it.')

function isHttpsUrl(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' && url.username === '' && url.password === ''
}
