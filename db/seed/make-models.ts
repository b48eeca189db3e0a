/**
 * Writes models.json: the 40 synthetic models of @freesewing/models as curated sets. Run it after the package was updated:
 * `node db/seed/make-models.ts`.
 */
import { writeFileSync } from 'node:fs'
import { measurements } from '@freesewing/config'
import { adult, doll, giant } from '@freesewing/models'

export interface Model {
  readonly name: string
  readonly tags: readonly string[]
  /** Millimetres; the package states none. */
  readonly heightMm: number | null
  /** All 38, in millimetres; shoulderSlope in degrees. */
  readonly measurements: Readonly<Record<string, number>>
}

/** The models in the order in which they are published: adults, dolls, giants; women first; by size. */
export function makeModels(): Model[] {
  return GROUPS.flatMap(({ group, title, tags, size }) =>
    SEXES.flatMap((sex) =>
      Object.entries(group[sex.key])
        .toSorted(([a], [b]) => Number(a) - Number(b))
        .map(([key, values]) => ({
          name: `${sex.title} ${title} - ${size(key)}`,
          tags: [sex.tag, ...tags],
          heightMm: null,
          measurements: Object.fromEntries(measurements.map((name) => [name, values[name] ?? NaN])),
        })),
    ),
  )
}

const GROUPS = [
  {
    group: adult,
    title: 'Adult',
    tags: ['adults', 'eu'],
    size: (key: string) => `Size ${key} (EU)`,
  },
  { group: doll, title: 'Doll', tags: ['dolls'], size: (key: string) => `${key}% of adult size` },
  {
    group: giant,
    title: 'Giant',
    tags: ['giants'],
    size: (key: string) => `${key}% of adult size`,
  },
]

const SEXES = [
  { key: 'cisFemale', title: 'Cis-Female', tag: 'cis-female' },
  { key: 'cisMale', title: 'Cis-Male', tag: 'cis-male' },
] as const

if (import.meta.main) {
  writeFileSync(
    new URL('models.json', import.meta.url),
    `${JSON.stringify(makeModels(), null, 2)}\n`,
  )
}
