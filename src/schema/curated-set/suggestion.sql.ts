import { visibleSuggestions } from '../../community/curated-sets/visible-suggestions.ts'
import type { Rows } from '../plan/source.ts'

export const suggestionRows: Rows = {
  table: 'curated_suggestion',
  prefix: 'sug',
  owner: 'account_id',
  visibleTo: visibleSuggestions,
}
