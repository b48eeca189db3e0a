import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { testWriters, type Writer } from '../../support/writers.ts'
import { CREATE as CREATE_CURATED, UPDATE as UPDATE_CURATED } from '../curated-sets/documents.ts'
import { EN, madeDraft } from '../curated-sets/curators.ts'
import { CREATE, UPDATE } from './documents.ts'
import { answered, madeSet } from './sets.ts'

const IMPORT = `mutation ($input: ImportMeasurementSetsInput!) {
  importMeasurementSets(input: $input) { ... on ImportMeasurementSetsPayload { warnings { code } } } }`

/** Each way to write measurements: what it answers. */
const WAYS: Readonly<Record<string, (who: Writer, written: Written) => Promise<Answer>>> = {
  createMeasurementSet: (who, written) => answered(who, CREATE, { name: 'Doll', ...written }),
  async updateMeasurementSet(who, written) {
    const { id } = await madeSet(who)
    return answered(who, UPDATE, { id, version: 1, ...written })
  },
  importMeasurementSets(who, { unit, measurements, ...scale }) {
    const text = JSON.stringify({ name: 'Doll', measurements })
    return answered(who, IMPORT, { format: 'JSON', text, unit, ...scale })
  },
  createCuratedSet: (who, written) =>
    answered(who, CREATE_CURATED, { names: EN('Doll'), ...written }),
  async updateCuratedSet(who, written) {
    const { id } = await madeDraft(who)
    return answered(who, UPDATE_CURATED, { id, version: 1, ...written })
  },
}

interface Written {
  readonly unit: 'MM'
  readonly measurements: object
  readonly scale?: 'PERSON' | 'DOLL'
}

interface Answer {
  readonly warnings: readonly { readonly code: string }[]
}

describe.each(Object.entries(WAYS))('%s', (_name, write) => {
  test.each([
    [{ scale: 'DOLL' }, []],
    [{ scale: 'PERSON' }, ['LOOKS_LIKE_CM']],
    [{}, ['LOOKS_LIKE_CM']],
  ] as const)('of a doll of a tenth of our size, with %o, warns of %o', async (scale, codes) => {
    const { writer } = await testWriters()
    const who = await writer('cur', { role: 'curator' }, { role: 'curator' })
    const { warnings } = await write(who, { unit: 'MM', measurements: tenth(), ...scale })
    expect(warnings.map(({ code }) => code)).toEqual(codes)
  })
})

/** What is measured of a doll of a tenth of our size, in millimetres. */
function tenth(): object {
  const models = JSON.parse(readFileSync('db/seed/models.json', 'utf8')) as readonly {
    readonly name: string
    readonly measurements: object
  }[]
  const doll = models.find(({ name }) => name === 'Cis-Female Doll - 10% of adult size')
  if (doll === undefined) throw new Error('There is no such model.')
  return doll.measurements
}
