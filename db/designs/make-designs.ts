/**
 * Writes designs.json: the sewing designs of the @freesewing packages in a node_modules folder, and which measurements each
 * needs. Run it after designs were released. They are no dependencies of ours, so install them in a folder FOLDER of their
 * own. Some want versions of others that were never released:
 *
 *     echo '{"overrides":{"@freesewing/plugin-gore":"~4.10.0"}}' > FOLDER/package.json
 *     npm install --prefix FOLDER --legacy-peer-deps --ignore-scripts @freesewing/aaron@~4.10.0 …
 *     node db/designs/make-designs.ts FOLDER/node_modules
 *
 * The packages to install are those of the codes in designs.json, and what they import without declaring it: config, core,
 * library, plugin-bust, plugin-flip, plugin-ringsector, plugin-transform and snapseries.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { measurements as published } from '@freesewing/config'
import { z } from 'zod'

export interface PackagedDesign {
  /** Name of the package without its scope. */
  readonly code: string
  readonly name: string
  readonly version: string
  /** null: the package has none. */
  readonly description: string | null
  /** What it can not be drafted without, in the order of the published vocabulary. */
  readonly measurements: readonly string[]
  /** What it is drafted with where it is known, likewise. */
  readonly optionalMeasurements: readonly string[]
}

/**
 * The designs among the @freesewing packages of a node_modules folder, by code. A design inherits what the designs it is
 * made from need.
 * @throws {Error} when one asks for a measurement that is not published, or what it needs can not be read
 */
export async function makeDesigns(nodeModules: string): Promise<readonly PackagedDesign[]> {
  const packages = readdirSync(join(nodeModules, '@freesewing')).toSorted()
  const codes = packages.filter((code) => code !== PARTS)
  const designs = await Promise.all(codes.map((code) => readDesign(resolve(nodeModules), code)))
  return designs.filter((design) => design !== null)
}

/** Parts that designs share, put together as a design that nobody wears. */
const PARTS = 'library'

/** null: the package is no design, which exports its class under its code, capitalised. */
async function readDesign(nodeModules: string, code: string): Promise<PackagedDesign | null> {
  const { resolve: find } = createRequire(join(nodeModules, 'from-here.js'))
  const name = `${code.slice(0, 1).toUpperCase()}${code.slice(1)}`
  const exported = moduleSchema.parse(await import(pathToFileURL(find(`@freesewing/${code}`)).href))
  const design = exported[name]
  if (typeof design !== 'function') return null

  const config = configSchema.parse(Object.getOwnPropertyDescriptor(design, 'patternConfig')?.value)
  const folder = join(nodeModules, '@freesewing', code)
  const manifest = manifestSchema.parse(
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
  )
  return {
    code,
    name,
    version: manifest.version,
    description: manifest.description ?? null,
    measurements: ordered(config.measurements),
    optionalMeasurements: ordered(config.optionalMeasurements),
  }
}

const moduleSchema = z.record(z.string(), z.unknown())
const namesSchema = z.array(z.enum(published))
const configSchema = z.object({ measurements: namesSchema, optionalMeasurements: namesSchema })
const manifestSchema = z.object({ version: z.string(), description: z.string().optional() })

function ordered(names: readonly string[]): readonly string[] {
  return published.filter((name) => names.includes(name))
}

if (import.meta.main) {
  const [nodeModules] = process.argv.slice(2)
  if (nodeModules === undefined) {
    throw new Error(
      'Say where the packages are: node db/designs/make-designs.ts FOLDER/node_modules',
    )
  }
  const designs = await makeDesigns(nodeModules)
  writeFileSync(new URL('designs.json', import.meta.url), `${JSON.stringify(designs, null, 2)}\n`)
}
