import { describe, expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { PUBLISH, UPDATE } from './documents.ts'
import { answered, madeSet } from './sets.ts'

describe('what a change shows to everybody is named', () => {
  const SHOWN = 'SHOWN_IN_PUBLIC'

  test('where a public set gets another base set', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const values = { chest: 92, waist: 71 }
    const { id: base } = await madeSet(ada, { unit: 'CM', measurements: values })
    const { id, version } = await madeSet(ada, { unit: 'CM', measurements: { chest: 95 } })
    await answered(ada, PUBLISH, { id, version })
    const { warnings } = await answered(ada, UPDATE, { id, version: version + 1, baseSet: base })
    expect(warnings).toContainEqual({ code: SHOWN, measurements: ['waist'] })
  })

  test('where a private set changes on which a public one is based, and not where none is', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const { id, version } = await madeSet(ada)
    const given = { unit: 'CM', measurements: { chest: 92 } }
    const { warnings: none } = await answered(ada, UPDATE, { id, version, ...given })
    expect(none).toEqual([])
    const above = await madeSet(ada, { baseSet: id })
    await answered(ada, PUBLISH, { id: above.id, version: above.version })
    const more = { unit: 'CM', measurements: { chest: 93, waist: 71 } }
    const { warnings } = await answered(ada, UPDATE, { id, version: version + 1, ...more })
    expect(warnings).toEqual([{ code: SHOWN, measurements: ['waist'] }])
  })
})
