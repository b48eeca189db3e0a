import { z } from 'zod'
import type { Asked } from './act.ts'

/** The UUID that an id of the right kind stands for; null for any other text: that names nothing. */
export const idSchema = z.guid().nullable()

/** What `input.id` names, before anything else of the input is read. */
export function idOf(asked: Asked): string | null {
  return NAMED.parse(asked).input.id
}

const NAMED = z.object({ input: z.object({ id: idSchema }) })
