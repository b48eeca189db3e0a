import { builder } from './builder.ts'

export const LengthUnit = builder.enumType('LengthUnit', {
  description: 'The unit of lengths in an answer or an input. Angles are degrees whatever it says.',
  values: {
    MM: { description: 'Millimetres, as values are stored.' },
    CM: { description: 'Centimetres: 10 mm.' },
    INCH: { description: 'Inches: 25.4 mm.' },
  } as const,
})

export const Units = builder.enumType('Units', {
  description: 'How a person prefers to see lengths. Stored values are millimetres either way.',
  values: {
    METRIC: { description: 'Centimetres.' },
    IMPERIAL: { description: 'Inches.' },
  } as const,
})

export const Language = builder.enumType('Language', {
  description: 'A language that texts come in.',
  values: {
    DE: { description: 'German.' },
    EN: { description: 'English.' },
    ES: { description: 'Spanish.' },
    FR: { description: 'French.' },
    NL: { description: 'Dutch.' },
    UK: { description: 'Ukrainian.' },
  } as const,
})
