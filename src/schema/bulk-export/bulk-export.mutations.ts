import type { GraphQLSchema } from 'graphql'
import { z } from 'zod'
import type { ActContext, Asked } from '../../auth/act.ts'
import { cancelExport, cancelExportSchema } from '../../community/bulk-export/cancel-export.ts'
import { startExport } from '../../community/bulk-export/start-export.ts'
import { SETS_PER_POINT } from '../../community/bulk-export/take-page.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { act, inputOf, outcomeRow, resultOf } from '../mutation.ts'
import { compileOperation } from '../plan/operation.ts'
import { BulkExportRunning, NotFound } from '../problem.ts'
import { BulkExport } from '../refs.ts'
import { bulkExportRows } from './bulk-export.sql.ts'
import { BULK_LISTS, BULK_QUERY_LIMITS, readBulkQuery } from './read-bulk-query.ts'

const StartBulkExportInput = builder.inputType('StartBulkExportInput', {
  description: 'What the file shall hold.',
  fields: (t) => ({
    query: t.string({
      required: true,
      description: `A GraphQL query for \`measurementSets { nodes { … } }\`, or for \`allMeasurementSets\`, with a \`filter\` if you like: each of its nodes becomes a line. At most ${BULK_QUERY_LIMITS.characters} characters; without variables, fragments, and arguments of pages. A set may cost ${BULK_QUERY_LIMITS.pointsPerSet} points with all that is asked of it.`,
    }),
  }),
})

const CancelBulkExportInput = builder.inputType('CancelBulkExportInput', {
  description: 'Which export.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`exp_…`' }),
  }),
})

const present = {
  type: BulkExport,
  nullable: true,
  scope: 'own-sets:read',
  price: 'relation',
  description: 'The export, as it is now.',
  source: outcomeRow('bulkExport', bulkExportRows),
} as const

const StartBulkExportPayload = builder.objectRef<object>('StartBulkExportPayload').implement({
  description: 'An export that waits for its turn.',
  extensions: FREE,
  fields: (t) => ({ bulkExport: t.field(present) }),
})

const CancelBulkExportPayload = builder.objectRef<object>('CancelBulkExportPayload').implement({
  description: 'An export that has ended.',
  extensions: FREE,
  fields: (t) => ({ bulkExport: t.field(present) }),
})

builder.mutationFields((t) => ({
  startBulkExport: t.field({
    type: resultOf('StartBulkExportResult', StartBulkExportPayload, [BulkExportRunning]),
    scope: 'own-sets:read',
    price: 'mutation',
    description: `Has a file made of many measurement sets, outside of this request and at low priority; \`bulkExports\` tells how far it is. The file costs 1 point for ${SETS_PER_POINT} sets, drawn from the day alone; where that is spent, it waits for the next. One at a time; the file of the one before it ends. What the caller could not ask for is refused at once.`,
    args: inputOf(StartBulkExportInput),
    source: act(startExportSchema, startExport),
  }),
  cancelBulkExport: t.field({
    type: resultOf('CancelBulkExportResult', CancelBulkExportPayload, [NotFound]),
    scope: 'own-sets:read',
    price: 'mutation',
    description: 'Ends a bulk export that has not ended; one that has stays as it is.',
    args: inputOf(CancelBulkExportInput),
    source: act(cancelExportSchema, cancelExport, { ids: { id: 'exp' } }),
  }),
}))

/**
 * A query that can be run for whoever asks.
 * @throws {ApiError} of the operation that it stands for, where that is closed to them
 */
function startExportSchema({ principal }: ActContext, _asked: Asked, api: GraphQLSchema) {
  return INPUT.transform(({ input: { query } }, context) => {
    const read = readBulkQuery(api, query)
    if (read.kind === 'refused') {
      for (const message of read.reasons) {
        context.addIssue({ code: 'custom', path: ['input', 'query'], message })
      }
      return z.NEVER
    }
    compileOperation(api, read.page).plan(principal.standing, { after: null })
    return { query, isAll: BULK_LISTS[read.list] }
  })
}

const INPUT = z.object({ input: z.object({ query: z.string() }) })
