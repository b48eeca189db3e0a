import { z } from 'zod'

/** The UUID that an id of the right kind stands for; null for any other text: that names nothing. */
export const idSchema = z.guid().nullable()
