import { type ActContext, accountOf } from '../act.ts'
import { idSchema } from '../id-schema.ts'

/** An account that is not the caller's: so there is always somebody left who can undo what is done to it. */
export function anothersAccount(context: ActContext) {
  return idSchema.refine((account) => account !== accountOf(context), {
    error: 'Nobody does this to the own account. Ask another administrator.',
  })
}
