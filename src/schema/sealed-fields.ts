import { SEALED_ROWS, type SealedTable } from '../vault/sealed-rows.ts'
import type { OpenedSource } from './plan/source.ts'

/** The sealed label of a row: the name its owner gave it. */
export const sealedLabel: OpenedSource = {
  kind: 'opened',
  needs: ['label'],
  value: ({ label }) => ({ json: JSON.stringify(label) }),
}

/** A member of a row's sealed body: JSON already. */
export function bodyMember<T extends SealedTable>(
  table: T,
  name: (typeof SEALED_ROWS)[T]['body'][number],
): OpenedSource {
  const members: readonly string[] = SEALED_ROWS[table].body
  const position = members.indexOf(name)
  return {
    kind: 'opened',
    needs: ['body'],
    value: ({ body }) => ({ json: body[position] ?? 'null' }),
  }
}
