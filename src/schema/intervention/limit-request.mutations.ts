import {
  decideLimitRequest,
  decideLimitRequestSchema,
} from '../../oversight/interventions/decide-limit-request.ts'
import {
  LIMIT_REQUEST,
  requestHigherLimit,
  requestHigherLimitSchema,
} from '../../oversight/interventions/request-higher-limit.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { act, inputOf, outcomeRow, resultOf } from '../mutation.ts'
import { LimitRequestDecided, LimitRequestOpen, NotFound } from '../problem.ts'
import { LimitRequest } from '../refs.ts'
import { limitRequestRows } from './intervention.sql.ts'

const RequestHigherLimitInput = builder.inputType('RequestHigherLimitInput', {
  description: 'What you need, and what for.',
  fields: (t) => ({
    purpose: t.string({
      required: true,
      description: `What you plan: 1 to ${LIMIT_REQUEST.purposeCharacters} characters.`,
    }),
    points: t.int({ required: true, description: 'Points a day.' }),
    until: t.field({
      type: 'DateTime',
      required: true,
      description: `Until when: within ${LIMIT_REQUEST.daysMax} days.`,
    }),
  }),
})

const LimitDecision = builder.enumType('LimitDecision', {
  description: 'What comes of a request for a higher limit.',
  values: {
    GRANT: { value: 'granted', description: 'The account gets it.' },
    DECLINE: { value: 'declined', description: 'It does not.' },
  } as const,
})

const DecideLimitRequestInput = builder.inputType('DecideLimitRequestInput', {
  description: 'What comes of a request.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Another’s open request: `lim_…`.' }),
    decision: t.field({ type: LimitDecision, required: true, description: 'What comes of it.' }),
    points: t.int({
      description: 'Points a day that are granted; where it is absent, as many as were asked for.',
    }),
    until: t.field({
      type: 'DateTime',
      description: 'When the grant ends; where it is absent, when it was asked for.',
    }),
    reason: t.string({
      description: 'For its owner to read, 1 to 500 characters; needed to decline.',
    }),
  }),
})

const RequestHigherLimitPayload = builder.objectRef<object>('RequestHigherLimitPayload').implement({
  description: 'A request for a higher limit.',
  extensions: FREE,
  fields: (t) => ({
    limitRequest: t.field({
      type: LimitRequest,
      nullable: true,
      scope: 'own-limits:write',
      price: 'relation',
      description: 'As it waits.',
      source: outcomeRow('limitRequest', limitRequestRows),
    }),
  }),
})

const DecideLimitRequestPayload = builder.objectRef<object>('DecideLimitRequestPayload').implement({
  description: 'A request that was decided on.',
  extensions: FREE,
  fields: (t) => ({
    limitRequest: t.field({
      type: LimitRequest,
      nullable: true,
      scope: 'interventions:write',
      price: 'relation',
      description: 'As it is now.',
      source: outcomeRow('limitRequest', limitRequestRows),
    }),
  }),
})

builder.mutationFields((t) => ({
  requestHigherLimit: t.field({
    type: resultOf('RequestHigherLimitResult', RequestHigherLimitPayload, [
      LimitRequestOpen,
      NotFound,
    ]),
    scope: 'own-limits:write',
    price: 'mutation',
    description:
      'Asks for more points a day, before they are needed: whoever runs the service decides, and a mail tells. One request at a time.',
    args: inputOf(RequestHigherLimitInput),
    source: act(requestHigherLimitSchema, requestHigherLimit),
  }),
  decideLimitRequest: t.field({
    type: resultOf('DecideLimitRequestResult', DecideLimitRequestPayload, [
      LimitRequestDecided,
      NotFound,
    ]),
    scope: 'interventions:write',
    price: 'mutation',
    description:
      'Grants or declines another’s request for a higher limit. A grant holds with the next operation, and ends by itself.',
    args: inputOf(DecideLimitRequestInput),
    source: act(decideLimitRequestSchema, decideLimitRequest, { ids: { id: 'lim' } }),
  }),
}))
