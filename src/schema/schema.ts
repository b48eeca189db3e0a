import { specifiedDirectives } from 'graphql'
import { builder } from './builder.ts'
import { accessDirective, costDirective, listSizeDirective } from './directives.ts'
import './account/account-profile.ts'
import './account/account.mutations.ts'
import './account/account.ts'
import './account/leaving.mutations.ts'
import './api-key/api-key.mutations.ts'
import './api-key/api-key.ts'
import './audit/audit.ts'
import './bookmark/bookmark.mutations.ts'
import './bookmark/bookmark.ts'
import './bulk-export/bulk-export.mutations.ts'
import './bulk-export/bulk-export.ts'
import './curated-set/curated-set.mutations.ts'
import './curated-set/curated-set.queries.ts'
import './curated-set/curated-set.ts'
import './curated-set/suggestion.mutations.ts'
import './curated-set/suggestion.ts'
import './design/design.queries.ts'
import './design/fitting-designs.ts'
import './intervention/intervention.mutations.ts'
import './intervention/intervention.ts'
import './intervention/limit-request.mutations.ts'
import './intervention/limit-request.ts'
import './ledger/ledger.ts'
import './measurement-set/definition.queries.ts'
import './measurement-set/import.mutations.ts'
import './measurement-set/measurement-set.mutations.ts'
import './measurement-set/measurement-set.queries.ts'
import './measurement-set/measurement-set.ts'
import './node.ts'
import './oversight/oversight.ts'
import './pattern/pattern.mutations.ts'
import './pattern/pattern.queries.ts'
import './pattern/pattern.ts'
import './rate-limit.queries.ts'
import './scalars.ts'
import './session/session.mutations.ts'
import './session/session.ts'
import './usage/usage.ts'
import './version.queries.ts'

builder.queryType({ description: 'Everything that can be read.' })
builder.mutationType({
  description: 'Everything that can be changed. What is asked for happens in its order.',
})

/** The schema: contract, price list and rule book. */
export const schema = builder.toSchema({
  directives: [...specifiedDirectives, costDirective, listSizeDirective, accessDirective],
})
