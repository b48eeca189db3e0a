import {
  closeAccount,
  closeAccountSchema,
  reopenAccount,
} from '../../auth/account/close-account.ts'
import { setRole, setRoleSchema } from '../../auth/account/set-role.ts'
import { changeUsername, changeUsernameSchema } from '../../auth/account/change-username.ts'
import {
  liftRestriction,
  restrictAccount,
  restrictAccountSchema,
} from '../../auth/account/restrict-account.ts'
import { setConsent, setConsentSchema } from '../../auth/account/set-consent.ts'
import { BIO_BYTES, updateAccount, updateAccountSchema } from '../../auth/account/update-account.ts'
import { PICTURE_CHARACTERS } from '../../picture-address.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { Language, Units } from '../enums.ts'
import { act, inputOf, outcomeRow, resultOf } from '../mutation.ts'
import { AccountState, NotFound, UsernameTaken } from '../problem.ts'
import { Account, AccountProfile } from '../refs.ts'
import { AccountStatus, Consent, Role } from './account-enums.ts'
import { accountProfileRows, readerRows } from './account.sql.ts'

const ANOTHERS =
  'Another’s account, for whoever may write those (access level 7); the own where it is absent.'
const REASON = 'Why, for its owner to read: 1 to 500 characters.'

const UpdateAccountInput = builder.inputType('UpdateAccountInput', {
  description: 'What changes of profile and preferences; what is absent stays.',
  fields: (t) => ({
    account: t.id({ description: ANOTHERS }),
    bio: t.string({
      description: `Markdown, public: at most ${BIO_BYTES} bytes; null removes it.`,
    }),
    image: t.string({
      description: `The https:// address of a picture, public: at most ${PICTURE_CHARACTERS} characters. Nobody fetches it here. null removes it.`,
    }),
    units: t.field({ type: Units, description: 'How lengths are shown. Stored values stay.' }),
    language: t.field({ type: Language, description: 'The preferred language.' }),
    newsletter: t.boolean({ description: 'Whether the newsletter is wanted.' }),
    control: t.int({
      description: 'How much of the interface the person wants to see: 1 (little) to 5 (all).',
    }),
  }),
})

const ChangeUsernameInput = builder.inputType('ChangeUsernameInput', {
  description: 'Another name.',
  fields: (t) => ({
    username: t.string({
      required: true,
      description: 'Unique whatever the letter case; 2 to 40 characters.',
    }),
    account: t.id({ description: ANOTHERS }),
  }),
})

const SetConsentInput = builder.inputType('SetConsentInput', {
  description: 'What you agree to from now on.',
  fields: (t) => ({
    consent: t.field({
      type: Consent,
      required: true,
      description: 'NONE withdraws all of it: keys and sessions sink to access level 0.',
    }),
  }),
})

const SetRoleInput = builder.inputType('SetRoleInput', {
  description: 'Who is trusted with what.',
  fields: (t) => ({
    account: t.id({ required: true, description: 'Another’s account: `acc_…`.' }),
    role: t.field({ type: Role, required: true, description: 'The role that it has from now on.' }),
    reason: t.string({ required: true, description: REASON }),
  }),
})

const CloseAccountInput = builder.inputType('CloseAccountInput', {
  description: 'Which account, and why.',
  fields: (t) => ({
    account: t.id({ required: true, description: 'Another’s account: `acc_…`.' }),
    reason: t.string({ required: true, description: REASON }),
  }),
})

/** What answers a change of an account: all of the own one, or what others see. */
function changedAccount(name: string) {
  return builder.objectRef<object>(name).implement({
    description: 'A changed account.',
    extensions: FREE,
    fields: (t) => ({
      account: t.field({
        type: Account,
        nullable: true,
        scope: 'own-account:write',
        price: 'relation',
        description: 'The account as it is now; null where it is another’s.',
        source: outcomeRow('account', readerRows),
      }),
      profile: t.field({
        type: AccountProfile,
        nullable: true,
        scope: 'own-account:write',
        price: 'relation',
        description: 'The same as others see it.',
        source: outcomeRow('profile', accountProfileRows),
      }),
    }),
  })
}

const UpdateAccountPayload = changedAccount('UpdateAccountPayload')
const ChangeUsernamePayload = changedAccount('ChangeUsernamePayload')

const SetConsentPayload = builder.objectRef<object>('SetConsentPayload').implement({
  description: 'What was agreed to.',
  extensions: FREE,
  fields: (t) => ({
    consent: t.field({
      type: Consent,
      scope: 'own-consent:write',
      description: 'The consent that holds from now on.',
    }),
  }),
})

const AccountStatusPayload = builder.objectRef<object>('AccountStatusPayload').implement({
  description: 'An account that its owner closed or opened.',
  extensions: FREE,
  fields: (t) => ({
    status: t.field({
      type: AccountStatus,
      scope: 'own-consent:write',
      description: 'The status that it has now.',
    }),
  }),
})

const SetRolePayload = builder.objectRef<object>('SetRolePayload').implement({
  description: 'An account with its role.',
  extensions: FREE,
  fields: (t) => ({
    role: t.field({ type: Role, scope: 'roles:write', description: 'The role that it has now.' }),
    profile: t.field({
      type: AccountProfile,
      nullable: true,
      scope: 'roles:write',
      price: 'relation',
      description: 'Whose it is.',
      source: outcomeRow('profile', accountProfileRows),
    }),
  }),
})

const CloseAccountPayload = builder.objectRef<object>('CloseAccountPayload').implement({
  description: 'An account that was closed or reopened.',
  extensions: FREE,
  fields: (t) => ({
    status: t.field({
      type: AccountStatus,
      scope: 'accounts:close',
      description: 'The status that it has now.',
    }),
    profile: t.field({
      type: AccountProfile,
      nullable: true,
      scope: 'accounts:close',
      price: 'relation',
      description: 'Whose it is.',
      source: outcomeRow('profile', accountProfileRows),
    }),
  }),
})

const AccountStatusResult = resultOf('AccountStatusResult', AccountStatusPayload, [
  AccountState,
  NotFound,
])
const CloseAccountResult = resultOf('CloseAccountResult', CloseAccountPayload, [
  AccountState,
  NotFound,
])

builder.mutationFields((t) => ({
  updateAccount: t.field({
    type: resultOf('UpdateAccountResult', UpdateAccountPayload, [NotFound]),
    scope: 'own-account:write',
    price: 'mutation',
    description: 'Changes profile and preferences.',
    args: inputOf(UpdateAccountInput),
    source: act(updateAccountSchema, updateAccount, { ids: { account: 'acc' } }),
  }),
  changeUsername: t.field({
    type: resultOf('ChangeUsernameResult', ChangeUsernamePayload, [NotFound, UsernameTaken]),
    scope: 'own-account:write',
    price: 'mutation',
    description: 'Gives an account another name. The old one is free for others at once.',
    args: inputOf(ChangeUsernameInput),
    source: act(changeUsernameSchema, changeUsername, { ids: { account: 'acc' } }),
  }),
  setConsent: t.field({
    type: resultOf('SetConsentResult', SetConsentPayload, [NotFound]),
    scope: 'own-consent:write',
    price: 'mutation',
    description:
      'Gives, narrows or withdraws consent. It works within a second, on every key and session.',
    args: inputOf(SetConsentInput),
    source: act(setConsentSchema, setConsent),
  }),
  restrictAccount: t.field({
    type: AccountStatusResult,
    scope: 'own-consent:write',
    price: 'mutation',
    description:
      'Closes the own account until you lift that: all its keys and sessions sink to access level 0, and what is public of it is hidden. Nothing is lost.',
    source: act(restrictAccountSchema, restrictAccount),
  }),
  liftRestriction: t.field({
    type: AccountStatusResult,
    scope: 'own-consent:write',
    price: 'mutation',
    description: 'Opens the own account again after `restrictAccount`.',
    source: act(restrictAccountSchema, liftRestriction),
  }),
  setRole: t.field({
    type: resultOf('SetRoleResult', SetRolePayload, [NotFound]),
    scope: 'roles:write',
    price: 'mutation',
    description:
      'Gives another account a role. Keys and sessions above what it gives sink to that within a second.',
    args: inputOf(SetRoleInput),
    source: act(setRoleSchema, setRole, { ids: { account: 'acc' } }),
  }),
  closeAccount: t.field({
    type: CloseAccountResult,
    scope: 'accounts:close',
    price: 'mutation',
    description:
      'Closes another’s account: all its keys and sessions sink to access level 0. Those of support and admin are closed by an admin alone.',
    args: inputOf(CloseAccountInput),
    source: act(closeAccountSchema, closeAccount, { ids: { account: 'acc' } }),
  }),
  reopenAccount: t.field({
    type: CloseAccountResult,
    scope: 'accounts:close',
    price: 'mutation',
    description: 'Gives a closed account the status back that it had before.',
    args: inputOf(CloseAccountInput),
    source: act(closeAccountSchema, reopenAccount, { ids: { account: 'acc' } }),
  }),
}))
