import { deleteAccount, deleteAccountSchema } from '../../auth/account/delete-account.ts'
import { exportAccount, exportAccountSchema } from '../../auth/account/export/export-links.ts'
import { builder } from '../builder.ts'
import { FREE, FREE_FILTER } from '../directives.ts'
import { act, resultOf } from '../mutation.ts'
import { PasswordWrong, SecondFactorWrong } from '../problem.ts'

const ExportFormat = builder.enumType('ExportFormat', {
  description: 'How an export is written. The content is the same.',
  values: {
    JSON: { description: 'One JSON object.' },
    YAML: { description: 'One YAML document.' },
  } as const,
})

const ExportAccountInput = builder.inputType('ExportAccountInput', {
  description: 'How the file is written.',
  fields: (t) => ({
    format: t.field({ type: ExportFormat, required: true, description: 'JSON or YAML.' }),
  }),
})

const ExportAccountPayload = builder.objectRef<object>('ExportAccountPayload').implement({
  description: 'A file with everything that is stored of the account.',
  extensions: FREE,
  fields: (t) => ({
    url: t.string({
      scope: 'own-account:export',
      nullable: true,
      description:
        'Where to download it, once: whoever has this address needs nothing else. It is told now and never again: `null` when the same request is answered again under its Idempotency-Key.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      scope: 'own-account:export',
      description: 'Until when, if it was not downloaded before and there is no newer one.',
    }),
  }),
})

const DeleteAccountInput = builder.inputType('DeleteAccountInput', {
  description: 'What proves anew who asks: one of these.',
  fields: (t) => ({
    password: t.string({
      description:
        'The password; absent where there is none and the session is younger than ten minutes.',
    }),
    code: t.string({
      description: 'A code of the second factor, or a recovery code, where the account has one.',
    }),
  }),
})

const DeleteAccountPayload = builder.objectRef<object>('DeleteAccountPayload').implement({
  description: 'The account is gone.',
  extensions: FREE,
  fields: (t) => ({
    deleted: t.boolean({ scope: 'own-account:delete', description: 'Always true.' }),
  }),
})

builder.mutationFields((t) => ({
  exportAccount: t.field({
    type: ExportAccountPayload,
    scope: 'own-account:export',
    price: 'mutation',
    description:
      'Makes a link to a file with everything that is stored of the own account, but for secrets. An older link ends.',
    args: {
      input: t.arg({
        type: ExportAccountInput,
        description: 'How; as JSON where it is absent.',
        extensions: FREE_FILTER,
      }),
    },
    source: act(exportAccountSchema, exportAccount),
  }),
  deleteAccount: t.field({
    type: resultOf('DeleteAccountResult', DeleteAccountPayload, [PasswordWrong, SecondFactorWrong]),
    scope: 'own-account:delete',
    price: 'mutation',
    description:
      'Deletes the own account with its sets, patterns, bookmarks, keys, sessions and log, at once and for good. Curated sets stay, and name nobody. Stands alone in an operation.',
    args: {
      input: t.arg({
        type: DeleteAccountInput,
        description: 'The proof.',
        extensions: FREE_FILTER,
      }),
    },
    source: act(deleteAccountSchema, deleteAccount, { isAlone: true }),
  }),
}))
