import { createKey, createKeySchema, KEY_CAPS } from '../../auth/keys/create-key.ts'
import { reportLeakedKey, reportLeakedKeySchema } from '../../auth/keys/report-leaked-key.ts'
import { revokeKey, revokeKeySchema } from '../../auth/keys/revoke-key.ts'
import { GRACE, rotateKey, rotateKeySchema } from '../../auth/keys/rotate-key.ts'
import { updateKey, updateKeySchema } from '../../auth/keys/update-key.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { act, inputOf, outcomeRow, resultOf } from '../mutation.ts'
import { KeyNotLive, NotFound, TooManyKeys } from '../problem.ts'
import { ApiKey } from '../refs.ts'
import { apiKeyRows } from './api-key.sql.ts'

const SECRET =
  'The whole key, told this once: `null` when the same request is answered again under its Idempotency-Key.'
const NETWORKS =
  'Addresses and CIDR networks that the key may be used from; empty or absent: from anywhere.'
const ORIGINS =
  'Web origins that pages may use the key from; empty or absent: from any. Tools send none.'

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'The key that is asked for.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What you call it: 1 to 200 characters.' }),
    level: t.int({
      required: true,
      description: 'Access level, from 0 to the most that the role of the account gives.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'From a minute to 365 days from now; in 30 days where it is absent.',
    }),
    networks: t.stringList({ description: NETWORKS }),
    origins: t.stringList({ description: ORIGINS }),
  }),
})

const CreateApiKeyPayload = builder.objectRef<object>('CreateApiKeyPayload').implement({
  description: 'A new API key.',
  extensions: FREE,
  fields: (t) => ({
    secret: t.string({ scope: 'own-keys:write', nullable: true, description: SECRET }),
    apiKey: t.field({
      type: ApiKey,
      nullable: true,
      scope: 'own-keys:write',
      price: 'relation',
      description: 'What is known of it from now on.',
      source: outcomeRow('apiKey', apiKeyRows),
    }),
  }),
})

const RotateApiKeyInput = builder.inputType('RotateApiKeyInput', {
  description: 'The key that another one takes the place of.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'An own live key: `key_…`.' }),
    graceSeconds: t.int({
      description: `For how long the old key still works: 0 to ${GRACE.secondsMax}, ${GRACE.secondsDefault} where it is absent.`,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'When the new key expires; where it is absent, it lives as long as the old one was made for.',
    }),
  }),
})

const RotateApiKeyPayload = builder.objectRef<object>('RotateApiKeyPayload').implement({
  description: 'The new API key, and the old one.',
  extensions: FREE,
  fields: (t) => ({
    secret: t.string({ scope: 'own-keys:write', nullable: true, description: SECRET }),
    apiKey: t.field({
      type: ApiKey,
      nullable: true,
      scope: 'own-keys:write',
      price: 'relation',
      description: 'The new key.',
      source: outcomeRow('apiKey', apiKeyRows),
    }),
    replaced: t.field({
      type: ApiKey,
      nullable: true,
      scope: 'own-keys:write',
      price: 'relation',
      description: 'The old key: it works until its `expiresAt`.',
      source: outcomeRow('replaced', apiKeyRows),
    }),
  }),
})

const OwnRevocationReason = builder.enumType('OwnRevocationReason', {
  description: 'Why you take a key back.',
  values: {
    OWNER: { value: 'owner', description: 'It is not needed any more.' },
    LEAK: { value: 'leak', description: 'Somebody else may have it.' },
  } as const,
})

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'The key to take back.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'An own key: `key_…`. A key names itself.' }),
    reason: t.field({
      type: OwnRevocationReason,
      required: true,
      defaultValue: 'owner',
      description: 'What whoever holds the key is told.',
    }),
  }),
})

const RevokeApiKeyPayload = builder.objectRef<object>('RevokeApiKeyPayload').implement({
  description: 'A revoked API key.',
  extensions: FREE,
  fields: (t) => ({
    id: t.id({ scope: 'own-keys:revoke', description: 'Names the key.' }),
    revokedAt: t.field({
      type: 'DateTime',
      scope: 'own-keys:revoke',
      description: 'Since when it opens nothing.',
    }),
    apiKey: t.field({
      type: ApiKey,
      nullable: true,
      scope: 'own-keys:revoke',
      price: 'relation',
      description: 'What is known of it; null below access level 2.',
      source: outcomeRow('apiKey', apiKeyRows),
    }),
  }),
})

const KeyBurstInput = builder.inputType('KeyBurstInput', {
  description: 'A bucket of points that a key draws from beside the account’s own.',
  fields: (t) => ({
    points: t.int({ required: true, description: 'What it holds when it is full.' }),
    restorePerSecond: t.float({
      required: true,
      description: 'Points that come back each second.',
    }),
  }),
})

const UpdateApiKeyInput = builder.inputType('UpdateApiKeyInput', {
  description: 'What changes of a key; what is absent stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'An own live key: `key_…`.' }),
    name: t.string({ description: 'What you call it: 1 to 200 characters.' }),
    level: t.int({ description: 'A lower access level. It never rises.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'An earlier expiry. It never moves away.',
    }),
    networks: t.stringList({ description: NETWORKS }),
    origins: t.stringList({ description: ORIGINS }),
    dayPoints: t.int({
      description: 'Points a day that the key may draw of what the account has; null: all of them.',
    }),
    burst: t.field({
      type: KeyBurstInput,
      description:
        'What the key may draw at once, and how fast that comes back; null: no less than the account.',
    }),
  }),
})

const UpdateApiKeyPayload = builder.objectRef<object>('UpdateApiKeyPayload').implement({
  description: 'A changed API key.',
  extensions: FREE,
  fields: (t) => ({
    apiKey: t.field({
      type: ApiKey,
      nullable: true,
      scope: 'own-keys:write',
      price: 'relation',
      description: 'As it is now.',
      source: outcomeRow('apiKey', apiKeyRows),
    }),
  }),
})

const ReportLeakedKeyPayload = builder.objectRef<object>('ReportLeakedKeyPayload').implement({
  description: 'What became of a key that was found in a public place.',
  extensions: FREE,
  fields: (t) => ({
    revoked: t.boolean({
      scope: 'public',
      description: 'Whether it was a key of this service, and opens nothing from now on.',
    }),
  }),
})

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: resultOf('CreateApiKeyResult', CreateApiKeyPayload, [TooManyKeys]),
    scope: 'own-keys:write',
    price: 'mutation',
    description: `Makes an API key; its secret is told once. An account has up to ${KEY_CAPS.live} live keys, and makes up to ${KEY_CAPS.perHour} within an hour.`,
    args: inputOf(CreateApiKeyInput),
    source: act(createKeySchema, createKey),
  }),
  rotateApiKey: t.field({
    type: resultOf('RotateApiKeyResult', RotateApiKeyPayload, [NotFound, KeyNotLive, TooManyKeys]),
    scope: 'own-keys:write',
    price: 'mutation',
    description:
      'Makes a key that takes the place of another: same name, level, restrictions and limits. Both work until the grace period ends.',
    args: inputOf(RotateApiKeyInput),
    source: act(rotateKeySchema, rotateKey, { ids: { id: 'key' } }),
  }),
  revokeApiKey: t.field({
    type: resultOf('RevokeApiKeyResult', RevokeApiKeyPayload, [NotFound]),
    scope: 'own-keys:revoke',
    price: 'mutation',
    description:
      'Takes an API key back: within a second nothing accepts it any more, and what it runs ends. Once revoked it stays so.',
    args: inputOf(RevokeApiKeyInput),
    source: act(revokeKeySchema, revokeKey, { ids: { id: 'key' } }),
  }),
  updateApiKey: t.field({
    type: resultOf('UpdateApiKeyResult', UpdateApiKeyPayload, [NotFound, KeyNotLive]),
    scope: 'own-keys:write',
    price: 'mutation',
    description: 'Changes an API key. Nothing makes it stronger: for that, make another one.',
    args: inputOf(UpdateApiKeyInput),
    source: act(updateKeySchema, updateKey, { ids: { id: 'key' } }),
  }),
  reportLeakedKey: t.field({
    type: ReportLeakedKeyPayload,
    scope: 'public',
    price: 'mutation',
    description:
      'Revokes an API key that was found in a public place. Whoever has it may report it; its owner is told.',
    args: { key: t.arg.string({ required: true, description: 'The whole key.' }) },
    source: act(reportLeakedKeySchema, reportLeakedKey, { isAlone: true }),
  }),
}))
