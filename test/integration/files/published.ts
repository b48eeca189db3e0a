import { testWriters, type Writer } from '../../support/writers.ts'
import * as curated from '../curated-sets/documents.ts'
import { EN } from '../curated-sets/curators.ts'
import { answered } from '../measurement-sets/sets.ts'
import * as patterns from '../patterns/documents.ts'

export const MADE_AT = '2026-03-01T10:00:00.750Z'
export const PUBLISHED_AT = '2026-03-01T10:00:10.750Z'
const CHANGED_AT = '2026-03-01T10:00:20.750Z'

export const NOTES = '- one: "two"\n# three\n'
export const IMAGE = 'https://example.org/a.png'

/** What there are files of besides measurement sets, and how one comes to be public, another, and private again. */
export const KINDS = {
  'curated-sets': {
    async create(who) {
      const { curatedSet } = await answered(who, curated.CREATE, {
        names: [...EN('Size 34'), { language: 'DE', text: 'Größe 34' }],
        notes: EN(NOTES),
        image: IMAGE,
        tags: ['adults'],
        unit: 'MM',
        height: 1680,
        measurements: { waist: 655.5, chest: 830, shoulderSlope: 13 },
      })
      return curatedSet.id
    },
    publish: curated.PUBLISH,
    change: [curated.UPDATE, { unit: 'MM', measurements: { chest: 840 } }],
    hide: curated.RETIRE,
    content: {
      author: null,
      type: 'measurementsSet',
      img: IMAGE,
      name: 'Size 34',
      notes: NOTES,
      measurements: { chest: 830, shoulderSlope: 13, waist: 655.5 },
      units: 'metric',
    },
    missing: 'cur_',
  },
  patterns: {
    async create(who) {
      const { pattern } = await answered(who, patterns.CREATE, {
        design: 'aaron',
        name: 'Shirt',
        notes: NOTES,
        image: IMAGE,
        settings: { sa: 10, measurements: { chest: 920 } },
        data: { steps: ['one', 2, null] },
      })
      return pattern.id
    },
    publish: patterns.PUBLISH,
    change: [patterns.UPDATE, { name: 'Other' }],
    hide: patterns.UNPUBLISH,
    content: {
      author: 'cur',
      type: 'pattern',
      img: IMAGE,
      name: 'Shirt',
      notes: NOTES,
      design: 'aaron',
      settings: { sa: 10, measurements: { chest: 920 } },
      data: { steps: ['one', 2, null] },
      measurementSet: null,
    },
    missing: 'pat_',
  },
} as const satisfies Readonly<Record<string, Kind>>

interface Kind {
  readonly create: (who: Writer) => Promise<string>
  readonly publish: string
  readonly change: readonly [document: string, input: object]
  readonly hide: string
  readonly content: object
  readonly missing: string
}

export type KindName = keyof typeof KINDS

/** Fields of a request. */
export type Fields = Readonly<Record<string, string>>

/** Something of this kind that was made, and published ten seconds later; and what everybody gets of it. */
export async function published(name: KindName, format: string) {
  const { publish, change, hide, missing } = KINDS[name]
  const clock = { at: MADE_AT }
  const { gateway, writer } = await testWriters({ now: () => new Date(clock.at) })
  const who = await writer('cur', { role: 'curator' }, { role: 'curator' })
  const id = await KINDS[name].create(who)
  clock.at = PUBLISHED_AT
  await answered(who, publish, { id })
  const getOf = (of: string, headers: Fields) =>
    gateway.send({ method: 'GET', path: `/${name}/${of}.${format}`, headers })
  return {
    writer,
    id,
    get: (headers: Fields = {}) => getOf(id, headers),
    getNothing: () => getOf(`${missing}${'1'.repeat(21)}`, {}),
    change: () => {
      clock.at = CHANGED_AT
      return answered(who, change[0], { id, version: 2, ...change[1] })
    },
    hide: () => answered(who, hide, { id }),
  }
}
