import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { readCostFlags } from '../../../src/bin/cost-flags.ts'
import { priceDocument } from '../../../src/bin/price-document.ts'
import { runFixtures } from '../../../src/bin/run-fixtures.ts'
import { COST_DIRECTIVES } from '../../support/priced-sdl.ts'
import { type CommandOutcome, runCommand } from '../../support/run-command.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const folder = await temporaryFolder()
const at = (name: string) => join(folder, name)
const files = {
  'schema.graphql': `${COST_DIRECTIVES} type Query {
    l(n: Int): [A] @cost(weight: "2") @listSize(slicingArguments: ["n"]) } type A { n: Int }`,
  'document.graphql': 'query One($n: Int) { l(n: $n) { n } } query Two { l { n } }',
  'one.graphql': '{ l { n } }',
  'broken.graphql': '{ l { n }',
  'invalid.graphql': '{ nobody }',
  'no-schema.graphql': 'type Query {',
  'unpriced.graphql': `${COST_DIRECTIVES} type Query { n: Int @cost(weight: "x") }`,
}
for (const [name, text] of Object.entries(files)) await writeFile(at(name), text)

afterAll(() => rm(folder, { recursive: true }))

const priced = ['--schema', at('schema.graphql'), '--document', at('document.graphql')]

describe('a document', () => {
  test.each([
    [
      [...priced, '--operation', 'One', '--variables', '{"n":5}'],
      '{"typeCost":6,"fieldCost":2,"points":8}',
    ],
    [
      [...priced, '--operation', 'Two'],
      '{"typeCost":"Infinity","fieldCost":2,"points":2147483647}',
    ],
    [
      [...priced, '--operation', 'Two', '--default-list-size', '3'],
      '{"typeCost":4,"fieldCost":2,"points":6}',
    ],
  ])('%# is priced as one JSON object', async (args, line) => {
    expect(await price(args)).toBe(line)
  })

  test('may be named from the folder that npm was run in', { timeout: 30_000 }, async () => {
    const env = { npm_lifecycle_script: 'node src/bin/cost.ts', INIT_CWD: folder }
    const args = [
      '--schema',
      'schema.graphql',
      '--document',
      './one.graphql',
      '--default-list-size=1',
    ]
    expect((await cost(args, env)).stdout).toBe('{"typeCost":2,"fieldCost":2,"points":4}\n')
  })
})

describe('it is told in one line that', () => {
  const one = (name: string) => ['--schema', at('schema.graphql'), '--document', at(name)]

  test.each([
    ['a flag is missing', ['--schema', at('schema.graphql')], '--document is missing'],
    ['a flag is unknown', ['--shema', 'x'], "Unknown option '--shema'"],
    ['a word stands alone', ['x'], 'Unexpected argument'],
    [
      'a schema is missing',
      ['--schema', at('none'), '--document', at('one.graphql')],
      '--schema can not be read',
    ],
    ['a folder is no document', one('.'), '--document can not be read'],
    [
      'a schema does not parse',
      ['--schema', at('no-schema.graphql'), '--document', at('one.graphql')],
      '--schema: Syntax Error',
    ],
    [
      'a weight is none',
      ['--schema', at('unpriced.graphql'), '--document', at('one.graphql')],
      '--schema: Query.n: @cost',
    ],
    ['a document does not parse', one('broken.graphql'), '--document: Syntax Error'],
    [
      'a document does not fit the schema',
      one('invalid.graphql'),
      '--document: Cannot query field',
    ],
    [
      'an operation is unknown',
      [...priced, '--operation', 'Three'],
      '--document: the document holds no operation "Three"',
    ],
    ['an operation is not named', priced, '--document: the document holds several operations'],
    [
      'variables are no JSON',
      [...one('one.graphql'), '--variables', '{'],
      '--variables is not JSON',
    ],
    [
      'variables are no object',
      [...one('one.graphql'), '--variables', '[]'],
      '--variables is not a JSON object',
    ],
    [
      'a size is none',
      [...one('one.graphql'), '--default-list-size', 'x'],
      '--default-list-size is "x"',
    ],
    [
      'fixtures stand beside another flag',
      ['--fixtures', folder, '--operation', 'x'],
      '--fixtures wants a path',
    ],
    ['there are no fixtures', ['--fixtures', at('none')], '--fixtures can not be read'],
  ])('%s', async (_name, args, message) => {
    const error: unknown = await price(args).catch((reason: unknown) => reason)
    expect(String(error)).toMatch(/^[^\n]*$/)
    expect(String(error)).toContain(message)
  })
})

const good = {
  id: 'good',
  sdl: 'type Query { n: Int }',
  operation: '{ n }',
  operationName: null,
  variables: null,
  defaultListSize: 'Infinity',
  expected: { typeCost: 1, fieldCost: 0 },
}

test('whatever it is, the exit code is 1', { timeout: 30_000 }, async () => {
  const { code, stdout, stderr } = await cost(['--shema', 'x'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^maat: Unknown option '--shema'. Usage: .*\n$/)
})

describe('published cases', () => {
  test('in a file of one are run', async () => {
    expect(await run('one.json', good)).toEqual({ passed: 1, failed: 0, said: [] })
  })

  test('in a list are run, and those that do not hold are told', async () => {
    const wrong = { ...good, id: 'wrong', expected: { typeCost: 2, fieldCost: 0 } }
    expect(await run('list.json', [good, wrong, good])).toEqual({
      passed: 2,
      failed: 1,
      said: [
        `wrong (${at('list.json')}[1]): typeCost 1, fieldCost 0; expected typeCost 2, fieldCost 0`,
      ],
    })
  })

  test('may be without bound', async () => {
    const unbounded = {
      ...good,
      sdl: 'type Query { l: [A] } type A { n: Int }',
      operation: '{ l { n } }',
      expected: { typeCost: 'Infinity', fieldCost: 1 },
    }
    expect(await run('unbounded.json', unbounded)).toMatchObject({ passed: 1, failed: 0 })
  })

  test('take variables as they stand', async () => {
    const raw = {
      ...good,
      sdl: `${COST_DIRECTIVES} type Query { l(n: Int): [A] @listSize(slicingArguments: ["n"]) } type A { n: Int }`,
      operation: 'query ($n: Int) { l(n: $n) { n } }',
      variables: { n: '5', other: 1 },
      defaultListSize: 2,
      expected: { typeCost: 3, fieldCost: 1 },
    }
    expect(await run('raw.json', raw)).toMatchObject({ passed: 1, failed: 0 })
  })

  test.each([
    ['no JSON', '{', ''],
    ['no object', [null], '[0]'],
    ['nothing expected', { ...good, expected: undefined }, ''],
    ['half a cost', { ...good, expected: { typeCost: 1 } }, ''],
    ['a schema that is none', { ...good, sdl: 'type' }, ''],
    ['a document that is none', { ...good, operation: '{' }, ''],
    ['another operation', { ...good, operationName: 'Other' }, ''],
  ])('with %s fail, and are named', async (_name, content, place) => {
    const { passed, failed, said } = await run('fault.json', content)
    expect({ passed, failed }).toEqual({ passed: 0, failed: 1 })
    expect(said.join('\n')).toContain(`${at('fault.json')}${place}`)
  })

  test('are not there at all in an empty list', async () => {
    await expect(run('empty.json', [])).rejects.toThrow('holds no case')
  })

  test(
    'are found in folders, and counted in the last line of both streams',
    { timeout: 30_000 },
    async () => {
      await mkdir(at('cases/deeper/still'), { recursive: true })
      await writeFile(at('cases/a.json'), JSON.stringify(good))
      await writeFile(
        at('cases/deeper/still/b.json'),
        JSON.stringify([good, { ...good, variables: 3 }]),
      )
      await writeFile(at('cases/README.md'), 'no case')
      const outcome = await cost(['--fixtures', at('cases')])
      expect({ code: outcome.code, ...lastLines(outcome) }).toEqual({
        code: 1,
        stdout: '2 passed, 1 failed',
        stderr: '2 passed, 1 failed',
      })
      expect(outcome.stdout).toContain('b.json[1]: variables: ')
    },
  )

  test('that all hold end with the exit code 0', { timeout: 30_000 }, async () => {
    await mkdir(at('holding'))
    await writeFile(at('holding/a.json'), JSON.stringify(good))
    const env = { npm_lifecycle_script: 'node src/bin/cost.ts --fixtures', INIT_CWD: folder }
    const outcome = await cost(['--fixtures', 'holding'], env)
    expect({ code: outcome.code, ...lastLines(outcome) }).toEqual({
      code: 0,
      stdout: '1 passed, 0 failed',
      stderr: '1 passed, 0 failed',
    })
  })
})

function lastLines({ stdout, stderr }: CommandOutcome) {
  return {
    stdout: stdout.trimEnd().split('\n').at(-1),
    stderr: stderr.trimEnd().split('\n').at(-1),
  }
}

async function price(args: readonly string[]): Promise<string> {
  const flags = readCostFlags(args)
  if (flags.kind === 'price') return priceDocument(flags, folder)
  await runFixtures(flags.path, () => {})
  return 'fixtures'
}

/** Runs what a file of this name and content holds. */
async function run(name: string, content: unknown) {
  const path = at(name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  const said: string[] = []
  return { ...(await runFixtures(path, (line) => said.push(line))), said }
}

function cost(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runCommand('cost', args, { npm_lifecycle_script: '', ...env })
}
