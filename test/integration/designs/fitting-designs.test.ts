import fc from 'fast-check'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'

import { type Design, DESIGNS } from '../../../src/database/designs.ts'
import { formatId } from '../../../src/ids.ts'
import {
  measuredBits,
  type MeasurementName,
  MEASUREMENT_NAMES,
} from '../../../src/measurements/definitions.ts'
import { MODELS } from '../../../src/seed/models.ts'
import { sealRow } from '../../../src/vault/seal-row.ts'
import { plannedCommunity } from '../../support/planned-community.ts'
import { PEOPLE } from '../../support/planned-data.ts'
import { principalNamed } from '../../support/planned-request.ts'

const community = await plannedCommunity()
const ada = principalNamed('ada 2')
const AT = new Date('2026-05-01T12:00:00Z')

type Names = readonly MeasurementName[]

interface Fit {
  readonly design: Pick<Design, 'code'>
  readonly missing: Names
  readonly missingOptional: Names
}

/** Of all designs, and of those alone that lack nothing. */
interface Fits {
  readonly all: readonly Fit[]
  readonly complete: readonly Fit[]
}

const models = fc.constantFrom(...MODELS)
/** What is taken out of a model: of a single name up to all of them. */
const holes = fc.subarray([...MEASUREMENT_NAMES], { minLength: 1 })
/** A set, and up to three that stand behind it as its base sets, the nearest first. */
const chains = fc.array(fc.tuple(models, holes), { minLength: 1, maxLength: 4 })

test('what fits a set is what its measurements and those of its base sets cover, by a plain count', async () => {
  await fc.assert(
    fc.asyncProperty(chains, async (chain) => {
      const held = chain.map(([{ measurements }, missing]) => without(measurements, missing))
      const id = await insertChain(held)
      const names = new Set(held.flatMap((measurements) => Object.keys(measurements)))
      expect(await fitsOf('measurementSet', id)).toEqual(expectedFits(names))
      expect(await codesFitting(id)).toEqual(
        DESIGNS.filter((design) => lacks(design.measurements, names).length === 0).map(codeOf),
      )
    }),
    { numRuns: 40 },
  )
})

test('what fits a curated set is what its measurements cover', async () => {
  await fc.assert(
    fc.asyncProperty(models, holes, async ({ measurements }, missing) => {
      const held = without(measurements, missing)
      const id = await insertCurated(held)
      const names = new Set(Object.keys(held))
      expect(await fitsOf('curatedSet', id)).toEqual(expectedFits(names))
      expect(await codesFitting(id)).toEqual(
        DESIGNS.filter((design) => lacks(design.measurements, names).length === 0).map(codeOf),
      )
    }),
    { numRuns: 20 },
  )
})

test('every design fits each of the models', async () => {
  for (const { measurements } of MODELS) {
    const fits = await fitsOf('measurementSet', await insertChain([measurements]))
    expect(fits.all.map(({ design }) => design.code)).toEqual(DESIGNS.map(codeOf))
    expect(
      fits.all.flatMap(({ missing, missingOptional }) => [...missing, ...missingOptional]),
    ).toEqual([])
  }
})

function without(
  measurements: Readonly<Record<string, number>>,
  missing: readonly string[],
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(measurements).filter(([name]) => !missing.includes(name)),
  )
}

function lacks(names: Names, held: ReadonlySet<string>): Names {
  // In the order of the bits, whatever order a design lists them in.
  return MEASUREMENT_NAMES.filter((name) => names.includes(name) && !held.has(name))
}

function expectedFits(held: ReadonlySet<string>): Fits {
  const all = DESIGNS.map((design): Fit => ({
    design: { code: design.code },
    missing: lacks(design.measurements, held),
    missingOptional: lacks(design.optionalMeasurements, held),
  }))
    .toSorted((a, b) => (a.design.code < b.design.code ? -1 : 1))
    .toSorted((a, b) => a.missing.length - b.missing.length)
  return { all, complete: all.filter(({ missing }) => missing.length === 0) }
}

async function fitsOf(field: 'measurementSet' | 'curatedSet', id: string): Promise<Fits> {
  const fit = '{ design { code } missing missingOptional }'
  const text = `query ($id: ID!) { set: ${field}(id: $id) { all: fittingDesigns ${fit} complete: fittingDesigns(onlyComplete: true) ${fit} } }`
  return JSON.parse((await community.ask(ada, text, { id })).data).set
}

async function codesFitting(id: string): Promise<readonly string[]> {
  const text = 'query ($id: ID!) { designs(first: 100, fitting: $id) { nodes { code } } }'
  const { data } = await community.ask(ada, text, { id })
  return JSON.parse(data).designs.nodes.map(codeOf)
}

function codeOf({ code }: { readonly code: string }): string {
  return code
}

/** The id of a new set of ada's: the first, each based on the next. */
async function insertChain(held: readonly Record<string, number>[]): Promise<string> {
  let base: string | null = null
  for (const measurements of held.toReversed()) {
    const id = v7()
    const sealed = { name: 'Set', measurements }
    await community.database.kysely
      .insertInto('measurement_set')
      .values({
        id,
        account_id: PEOPLE.ada,
        base_set_id: base,
        ...sealRow(community.vault, 'measurement_set', { row: id, owner: PEOPLE.ada }, sealed),
        measured: measuredBits(measurements).toString(),
        created_at: AT,
        updated_at: AT,
      })
      .execute()
    base = id
  }
  return formatId('set', base ?? '')
}

async function insertCurated(measurements: Record<string, number>): Promise<string> {
  const id = v7()
  await community.database.kysely
    .insertInto('curated_set')
    .values({
      id,
      names: JSON.stringify({ en: 'Model' }),
      publication: 'published',
      measurements: JSON.stringify(measurements),
      measured: measuredBits(measurements).toString(),
      created_at: AT,
      updated_at: AT,
    })
    .execute()
  return formatId('cur', id)
}
