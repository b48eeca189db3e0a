import { SHOWN_IN_PUBLIC } from '../../community/measurement-sets/shown-in-public.ts'
import { WARNING_RULES } from '../../measurements/plausibility.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { MeasurementName, MOST_MEASUREMENTS } from './measurement-fields.ts'

export const Scale = builder.enumType('Scale', {
  description: 'For how large a body values are meant.',
  values: {
    PERSON: { description: 'A person’s, or any other of which nothing is known.' },
    DOLL: {
      description: 'A doll’s: that values look like centimetres or inches of an adult is meant so.',
    },
  } as const,
})

export const WarningCode = builder.enumType('WarningCode', {
  description: 'What is unlikely of measurements, or worth to be known of them.',
  values: Object.fromEntries(
    [...WARNING_RULES, SHOWN_IN_PUBLIC].map(({ code, message }) => [
      code,
      { description: message },
    ]),
  ),
})

export const MeasurementWarning = builder.objectRef<object>('MeasurementWarning').implement({
  description:
    'Something about the values that is worth a second look. Nothing was refused for it: bodies differ.',
  extensions: FREE,
  fields: (t) => ({
    code: t.field({ type: WarningCode, scope: 'public', description: 'Stable, for programs.' }),
    message: t.string({ scope: 'public', description: 'For people.' }),
    measurements: t.field({
      type: [MeasurementName],
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_MEASUREMENTS,
      description: 'Which of them it is about.',
    }),
  }),
})
