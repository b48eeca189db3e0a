import { builder } from './builder.ts'
import { FREE } from './directives.ts'

const RateLimit = builder.objectRef<object>('RateLimit').implement({
  description:
    'The budget of the caller with the fewest points left, as the reservation of this very operation left it. What the operation turns out not to need goes back afterwards: `extensions.cost` tells.',
  extensions: FREE,
  fields: (t) => ({
    cost: t.int({
      scope: 'public',
      description: 'Points reserved for this operation: the most that it can cost.',
    }),
    limit: t.int({ scope: 'public', description: 'Points that the budget holds when it is full.' }),
    remaining: t.int({ scope: 'public', description: 'Points left in the budget.' }),
    used: t.int({
      scope: 'public',
      description:
        'Points drawn from the budget, those reserved for this operation among them: `limit` less `remaining`.',
    }),
    resetAt: t.field({
      type: 'DateTime',
      scope: 'public',
      description: 'When the budget is full again, if nothing more is drawn from it.',
    }),
  }),
})

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimit,
    scope: 'public',
    price: 'shape',
    description: 'What is left to spend; adds nothing to the price of an operation.',
    source: { kind: 'request', value: ({ rateLimit }) => rateLimit },
  }),
)
