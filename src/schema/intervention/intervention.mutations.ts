import {
  intervene,
  interveneSchema,
  PACE_PERCENT,
} from '../../oversight/interventions/intervene.ts'
import {
  liftIntervention,
  liftInterventionSchema,
} from '../../oversight/interventions/lift-intervention.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { act, inputOf, outcomeRow, resultOf } from '../mutation.ts'
import { InterventionOver, NotFound } from '../problem.ts'
import { Intervention } from '../refs.ts'
import { interventionRows } from './intervention.sql.ts'
import { InterventionStep } from './intervention.ts'

const InterveneInput = builder.inputType('InterveneInput', {
  description: 'What is done about whose use, and why.',
  fields: (t) => ({
    account: t.id({ required: true, description: 'Another’s account: `acc_…`.' }),
    key: t.id({
      description: 'One key of that account: `key_…`; where it is absent, the whole account.',
    }),
    step: t.field({ type: InterventionStep, required: true, description: 'What is done.' }),
    reason: t.string({
      required: true,
      description: 'Why, for its owner to read: 1 to 500 characters.',
    }),
    until: t.field({
      type: 'DateTime',
      description: 'When it ends by itself; where it is absent, it holds until it is lifted.',
    }),
    pacePercent: t.int({
      description: `Of SLOWER, and needed there: what is left of budgets, from ${PACE_PERCENT.min} to ${PACE_PERCENT.max}.`,
    }),
  }),
})

const LiftInterventionInput = builder.inputType('LiftInterventionInput', {
  description: 'What is ended before its time, and why.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'An intervention that holds: `itv_…`.' }),
    reason: t.string({
      required: true,
      description: 'Why, for its owner to read: 1 to 500 characters.',
    }),
  }),
})

const present = {
  type: Intervention,
  nullable: true,
  scope: 'interventions:write',
  price: 'relation',
  description: 'As it is now.',
  source: outcomeRow('intervention', interventionRows),
} as const

const IntervenePayload = builder.objectRef<object>('IntervenePayload').implement({
  description: 'Something that was done about use.',
  extensions: FREE,
  fields: (t) => ({ intervention: t.field(present) }),
})

const LiftInterventionPayload = builder.objectRef<object>('LiftInterventionPayload').implement({
  description: 'An intervention that was ended.',
  extensions: FREE,
  fields: (t) => ({ intervention: t.field(present) }),
})

builder.mutationFields((t) => ({
  intervene: t.field({
    type: resultOf('InterveneResult', IntervenePayload, [NotFound]),
    scope: 'interventions:write',
    price: 'mutation',
    description:
      'Does something about the use of another’s account, or of one of its keys: it works at every gateway within a second, in place of the same step before it. Its owner is told by mail. What is done against support and admin is done by an admin alone.',
    args: inputOf(InterveneInput),
    source: act(interveneSchema, intervene, { ids: { account: 'acc', key: 'key' } }),
  }),
  liftIntervention: t.field({
    type: resultOf('LiftInterventionResult', LiftInterventionPayload, [InterventionOver, NotFound]),
    scope: 'interventions:write',
    price: 'mutation',
    description:
      'Ends what was done about another’s use; a mail tells him. Keys that were revoked stay so.',
    args: inputOf(LiftInterventionInput),
    source: act(liftInterventionSchema, liftIntervention, { ids: { id: 'itv' } }),
  }),
}))
