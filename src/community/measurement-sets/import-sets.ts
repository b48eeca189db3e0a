import type { Insertable, Transaction } from 'kysely'
import { v7 } from 'uuid'
import { z } from 'zod'
import { subjectOf } from '../../auth/account/subject-account.ts'
import type { ActContext, Asked, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import type { DB, MeasurementSet } from '../../database/tables.generated.ts'
import { formatId } from '../../ids.ts'
import type { ImportedSet } from '../../measurements/formats/read-set.ts'
import { type PlacedSet, READ_LIMITS, type ReadSets } from '../../measurements/formats/read-sets.ts'
import { warningsFor } from '../../measurements/plausibility.ts'
import type { Vault } from '../../vault/vault.ts'
import { consentingAccount } from '../consenting-account.ts'
import { nameSchema } from '../input.ts'
import { WHATEVER_ELSE } from './measurements-input.ts'
import { sealSet } from './sealed-set.ts'

/** How many problems, warnings and ignored members an answer names. */
export const LISTED = 100

/** A file of sets. Where all of it has to be right, what is wrong with it is wrong with the input. */
export async function importSetsSchema(context: ActContext, asked: Asked) {
  const { text, format, unit, name } = z.object({ input: READ }).parse(asked).input
  const file = await context.readSets({
    account: context.principal.accountId,
    text,
    format,
    options: { unit: unit ?? null, name: name ?? null },
  })
  return z.object({
    input: INPUT.superRefine(tellProblems(file), WHATEVER_ELSE).transform((given) => ({
      ...given,
      file,
    })),
  })
}

/** What a file is read with. A name that is none is told as such, and does for a set that has none. */
const READ = z.object({
  format: z.enum(['json', 'yaml', 'csv']),
  text: z.string(),
  unit: z.enum(['MM', 'CM', 'INCH']).nullish(),
  name: nameSchema.nullish().catch('-'),
})

const INPUT = READ.extend({
  account: idSchema.optional(),
  name: nameSchema.nullish(),
  keepPublic: z.boolean(),
  scale: z.enum(['PERSON', 'DOLL']),
  onProblem: z.enum(['refuse', 'skip']),
})

function tellProblems(file: ReadSets) {
  return ({ onProblem }: z.infer<typeof INPUT>, context: z.RefinementCtx): void => {
    if (file.kind === 'read' || (onProblem === 'skip' && file.sound.length > 0)) return
    for (const { path, message, found } of file.problems) {
      const steps = path === undefined ? [] : path.split('.')
      const at = path === 'unit' ? steps : ['text', ...steps]
      context.addIssue({ code: 'custom', path: at, message, params: { found } })
    }
  }
}

/** Makes a set of each in the file, private unless the public ones of the file are to stay so; all of them, or those with nothing wrong. */
export function importSets(
  context: ActContext,
  { input: { file, ...input } }: z.infer<Awaited<ReturnType<typeof importSetsSchema>>>,
): Promise<Outcome> {
  const { clock, vault } = context
  const accountId = subjectOf(context, input.account, 'sets:write')
  if (accountId === null) return Promise.resolve(problem('NotFound'))
  return transactOnce(context, async (trx) => {
    const owner = await consentingAccount(trx, accountId)
    if (owner === null) return problem('NotFound')
    const now = clock()
    // In the order of the file: lists are in the order of ids where the moment is the same.
    const sets = placedIn(file)
    const ids = sets.map(() => v7({ msecs: now.getTime() })).toSorted()
    const made = sets.map(({ position, set }, i) => ({ position, set, id: ids[i] ?? v7() }))
    await insertSets(
      trx,
      made.map(({ id, set }) => ({
        ...rowOf(vault, { id, owner, set }),
        public: set.public && input.keepPublic,
        created_at: now,
        updated_at: now,
      })),
    )
    await record(trx, context, { accountId, action: 'import-measurement-sets' })
    const warnings = made.flatMap(({ position, set }) =>
      warningsFor(set.measurements, { scale: input.scale }).map((one) => ({ position, ...one })),
    )
    return {
      type: 'ImportMeasurementSetsPayload',
      rowLists: { measurementSets: made.map(({ id }) => id) },
      values: {
        imported: made.map(({ id, position }) => ({ id: formatId('set', id), position })),
        ...skippedOf(file),
        ignored: file.ignored,
        ignoredMore: file.ignoredMore,
        warnings: warnings.slice(0, LISTED),
        warningsMore: Math.max(0, warnings.length - LISTED),
      },
    }
  })
}

function placedIn(file: ReadSets): readonly PlacedSet[] {
  if (file.kind === 'refused') return file.sound
  return file.sets.map((set, position) => ({ position, set }))
}

function skippedOf(file: ReadSets) {
  if (file.kind === 'read') return { skipped: [], skippedMore: 0 }
  const skipped = file.problems.map(({ path = '', message }) => ({ path, message }))
  return { skipped, skippedMore: file.problemsMore }
}

type Owner = NonNullable<Awaited<ReturnType<typeof consentingAccount>>>

function rowOf(
  vault: Vault,
  { id, owner, set }: { readonly id: string; readonly owner: Owner; readonly set: ImportedSet },
) {
  const { units, public: _public, ...content } = set
  return {
    id,
    account_id: owner.id,
    units: units ?? owner.units,
    ...sealSet(vault, { row: id, owner: owner.id }, content),
  }
}

async function insertSets(
  trx: Transaction<DB>,
  rows: readonly Insertable<MeasurementSet>[],
): Promise<void> {
  if (rows.length > 0)
    await trx
      .insertInto('measurement_set')
      .values([...rows])
      .execute()
}

export const IMPORT_LIMITS = READ_LIMITS
