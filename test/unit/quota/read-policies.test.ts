import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { LEVELS } from '../../../src/auth/access.ts'
import { StartError } from '../../../src/errors.ts'
import { POLICY_ROWS } from '../../../src/quota/policy-rows.ts'
import { readPolicies } from '../../../src/quota/read-policies.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const path = join(await temporaryFolder(), 'policies.json')

async function policiesIn(content: unknown) {
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readPolicies(path)
}

/** What the operator is told, after the path of the file. */
async function refusalOf(content: unknown): Promise<string> {
  const error = await policiesIn(content).catch((thrown: unknown) => thrown)
  if (!(error instanceof StartError)) throw new Error('Not refused.', { cause: error })
  expect(error.message.split('\n')).toHaveLength(1)
  return error.message.replace(path, 'FILE')
}

const bucket = (capacity: unknown, restorePerSecond: unknown = 10) => ({
  capacity,
  restorePerSecond,
})
const WHOLE = 'a whole number from 1 to 2147483647'

describe('without a file', () => {
  test('the table holds', () => {
    const { accounts, anonymous, attempts, service } = readPolicies(null)
    expect(accounts.user[0]).toEqual({
      burst: { kind: 'bucket', capacity: 2000, restorePerSecond: 100 },
      day: { kind: 'window', window: 'day', capacity: 200_000 },
      youngDay: { kind: 'window', window: 'day', capacity: 20_000 },
      control: { kind: 'bucket', capacity: 60, restorePerSecond: 1 },
      inFlight: 8,
      ceiling: 1000,
    })
    expect(anonymous).toEqual({
      burst: { kind: 'bucket', capacity: 200, restorePerSecond: 5 },
      day: { kind: 'window', window: 'day', capacity: 5000 },
      inFlight: 64,
      ceiling: 200,
    })
    expect(attempts).toEqual({ kind: 'bucket', capacity: 120, restorePerSecond: 2 })
    expect(service).toEqual({
      anonymous: { kind: 'bucket', capacity: 5000, restorePerSecond: 500 },
      burst: { kind: 'bucket', capacity: 20_000, restorePerSecond: 2000 },
      month: null,
    })
  })

  test('an operation may cost 1000 points up to level 4, and 2000 from level 5', () => {
    const ceilings = LEVELS.map((level) => readPolicies(null).accounts.admin[level]?.ceiling)
    expect(ceilings).toEqual([1000, 1000, 1000, 1000, 1000, 2000, 2000, 2000, 2000])
  })
})

describe('a file', () => {
  test('that is empty changes nothing', async () => {
    expect(await policiesIn({})).toEqual(readPolicies(null))
  })

  test('replaces the rows that it names, and no others', async () => {
    const policies = await policiesIn({ day: { capacity: 300_000 }, 'in-flight': 4 })
    expect(policies.accounts.user[3]).toEqual({
      ...readPolicies(null).accounts.user[3],
      day: { kind: 'window', window: 'day', capacity: 300_000 },
      inFlight: 4,
    })
    expect(policies.anonymous).toEqual(readPolicies(null).anonymous)
  })

  test('a row of a level goes before one of everybody, and one of a role before both', async () => {
    const { accounts } = await policiesIn({
      burst: bucket(3000),
      levels: { 2: { burst: bucket(4000) } },
      roles: { tester: { burst: bucket(5000) } },
    })
    const capacityOf = (role: 'user' | 'tester', level: number) =>
      accounts[role][level]?.burst.capacity
    expect([capacityOf('user', 1), capacityOf('user', 2)]).toEqual([3000, 4000])
    expect([capacityOf('tester', 1), capacityOf('tester', 2)]).toEqual([5000, 5000])
  })

  test('that gives a level one row leaves the other rows of that level', async () => {
    const { accounts } = await policiesIn({ levels: { 5: { 'in-flight': 16 } } })
    expect(accounts.curator[5]).toMatchObject({ inFlight: 16, ceiling: 2000 })
  })

  test('sets the budgets of clients without credentials, of everybody, and of attempts', async () => {
    const policies = await policiesIn({
      'anonymous-burst': bucket(90),
      'anonymous-day': { capacity: 900 },
      'anonymous-in-flight': 2,
      'anonymous-ceiling': 80,
      attempts: bucket(10, 0.5),
      'service-anonymous': bucket(1e12, 1e9),
      'service-burst': bucket(1e12, 1e9),
      'service-month': { capacity: 1e12 },
    })
    expect(policies).toMatchObject({
      anonymous: { burst: bucket(90), day: { capacity: 900 }, inFlight: 2, ceiling: 80 },
      attempts: bucket(10, 0.5),
      service: { burst: { capacity: 1e12 }, month: { window: 'month', capacity: 1e12 } },
    })
  })

  test('may turn the ceiling in money off by null', async () => {
    expect((await policiesIn({ 'service-month': null })).service.month).toBeNull()
  })

  test('gives a young account no more of a day than an older one has', async () => {
    const { accounts } = await policiesIn({ day: { capacity: 5000 } })
    expect(accounts.user[0]?.youngDay.capacity).toBe(5000)
  })
})

test('nobody changes policies', async () => {
  const { accounts, anonymous, attempts, service } = await policiesIn({
    'service-month': { capacity: 1e9 },
  })
  const parts = [accounts, accounts.user, accounts.user[0], accounts.user[0]?.burst]
  const others = [anonymous, anonymous.day, attempts, service, service.burst, service.month]
  expect([...parts, ...others].filter((part) => !Object.isFrozen(part))).toEqual([])
})

describe('a file is refused', () => {
  test('when it is missing', () => {
    expect(() => readPolicies('/nowhere/policies.json')).toThrow(
      new StartError('MAAT_POLICIES names /nowhere/policies.json, which can not be read: ENOENT.'),
    )
  })

  test.each(['', '{', '{"day": {"capacity": NaN}}', "{'day': 1}", '{\n\n"day": 1,\n}'])(
    'when it is not JSON: %j',
    async (content) => {
      expect(await refusalOf(content)).toBe('FILE is not JSON; accepted: an object of policy rows.')
    },
  )

  test.each(['[]', 'null', '7', '"burst"'])('when it is not an object: %s', async (content) => {
    expect(await refusalOf(content)).toMatch(`FILE: the content is ${content}; accepted: an object`)
  })

  test.each([
    [{ burts: bucket(2000) }, 'burts', 'burst'],
    [{ anonymous: bucket(2000) }, 'anonymous', 'anonymous-day'],
    [{ 'key-day': { capacity: 9 } }, 'key-day', 'day'],
    [{ levels: { 9: {} } }, 'levels.9', '0'],
    [{ levels: { 5: { bursts: bucket(2000) } } }, 'levels.5.bursts', 'burst'],
    [{ levels: { 5: { 'service-month': null } } }, 'levels.5.service-month', 'ceiling'],
    [{ roles: { curators: {} } }, 'roles.curators', 'curator'],
    [{ roles: { user: { days: 1 } } }, 'roles.user.days', 'day'],
    [{ day: { capacity: 9, restorePerSecond: 1 } }, 'day.restorePerSecond', 'capacity'],
    [{ burst: { ...bucket(2000), rate: 1 } }, 'burst.rate', 'capacity'],
    [JSON.parse('{"__proto__": {}}'), '__proto__', 'burst'],
  ])('for an unknown name: %j', async (content, place, near) => {
    expect(await refusalOf(content)).toBe(
      `FILE: ${place} is not a name of the policies; the nearest one is ${near}.`,
    )
  })

  test.each([0, -1, 1.5, 2_147_483_648, 1e12, '2000', null, true, [2000]])(
    'for a capacity of %j',
    async (capacity) => {
      const found = JSON.stringify(capacity)
      expect(await refusalOf({ levels: { 5: { burst: bucket(capacity) } } })).toBe(
        `FILE: levels.5.burst.capacity is ${found}; accepted: ${WHOLE}.`,
      )
      expect(await refusalOf({ day: { capacity } })).toContain(`day.capacity is ${found};`)
    },
  )

  test('for a capacity that no number can hold', async () => {
    expect(await refusalOf('{"day": {"capacity": 1e999}}')).toBe(
      `FILE: day.capacity is Infinity; accepted: ${WHOLE}.`,
    )
  })

  test.each([0, -1, 1e-12, 1e10, '100', null])('for a rate of %j', async (rate) => {
    expect(await refusalOf({ roles: { admin: { burst: bucket(2000, rate) } } })).toBe(
      `FILE: roles.admin.burst.restorePerSecond is ${JSON.stringify(rate)}; accepted: points a second, from 1e-9 to 1000000000.`,
    )
  })

  test('for a row with a part missing', async () => {
    expect(await refusalOf({ burst: { capacity: 2000 } })).toMatch(
      'FILE: burst.restorePerSecond is missing; accepted: points a second',
    )
  })

  test.each([
    ['burst', 2000, 'capacity, restorePerSecond'],
    ['day', null, 'capacity'],
    ['service-month', 1e9, 'capacity'],
    ['levels', [], '0, 1, 2, 3, 4, 5, 6, 7, 8'],
    ['roles', 'admin', 'user, tester, curator, bughunter, support, admin'],
  ])('for a row %s that is no object', async (name, value, names) => {
    expect(await refusalOf({ [name]: value })).toBe(
      `FILE: ${name} is ${JSON.stringify(value)}; accepted: an object of ${names}.`,
    )
  })

  test.each([0, 1.5, 1_000_001])('for %j operations at the same time', async (operations) => {
    expect(await refusalOf({ 'in-flight': operations })).toContain(
      'a whole number from 1 to 1000000',
    )
  })

  test('for a service budget that is too large to be counted', async () => {
    expect(await refusalOf({ 'service-month': { capacity: 1e12 + 1 } })).toContain(
      'service-month.capacity is 1000000000001; accepted: a whole number from 1 to 1000000000000.',
    )
  })

  test('without repeating much of it', async () => {
    expect((await refusalOf({ day: 'x'.repeat(10_000) })).length).toBeLessThan(200)
  })
})

describe('a budget that could not pay for an operation at its own ceiling is refused', () => {
  test.each([
    [{ burst: bucket(999) }, 'burst', 999, 'ceiling', 1000],
    [{ burst: bucket(1999) }, 'burst', 1999, 'levels.5.ceiling', 2000],
    [{ day: { capacity: 1 } }, 'day', 1, 'ceiling', 1000],
    [{ 'young-day': { capacity: 500 } }, 'young-day', 500, 'ceiling', 1000],
    [{ ceiling: 2001 }, 'burst', 2000, 'ceiling', 2001],
    [{ levels: { 2: { burst: bucket(10) } } }, 'levels.2.burst', 10, 'ceiling', 1000],
    [{ levels: { 2: { ceiling: 2500 } } }, 'burst', 2000, 'levels.2.ceiling', 2500],
    [
      { roles: { admin: { burst: bucket(1500) } } },
      'roles.admin.burst',
      1500,
      'levels.5.ceiling',
      2000,
    ],
    [{ roles: { admin: { ceiling: 9000 } } }, 'burst', 2000, 'roles.admin.ceiling', 9000],
    [{ 'anonymous-burst': bucket(199) }, 'anonymous-burst', 199, 'anonymous-ceiling', 200],
    [{ 'anonymous-day': { capacity: 100 } }, 'anonymous-day', 100, 'anonymous-ceiling', 200],
    [{ 'service-anonymous': bucket(199) }, 'service-anonymous', 199, 'anonymous-ceiling', 200],
    [{ 'service-burst': bucket(1999) }, 'service-burst', 1999, 'levels.5.ceiling', 2000],
    [{ 'service-month': { capacity: 1999 } }, 'service-month', 1999, 'levels.5.ceiling', 2000],
  ])('%j', async (content, place, capacity, ceilingPlace, ceiling) => {
    expect(await refusalOf(content)).toBe(
      `FILE: ${place}.capacity is ${capacity}; accepted: at least ${ceiling}, the ceiling of one operation at ${ceilingPlace}.`,
    )
  })

  test.each([
    ['exactly the ceiling', { burst: bucket(2000) }],
    ['a row of a level that its roles never reach', { roles: { user: { burst: bucket(1000) } } }],
    ['a lower ceiling with it', { levels: { 1: { burst: bucket(10), ceiling: 10 } } }],
    ['a control budget of any size', { control: bucket(1) }],
  ])('but not %s', async (_, content) => {
    await expect(policiesIn(content)).resolves.toBeDefined()
  })
})

test('the table itself passes for a file', async () => {
  expect(await policiesIn(POLICY_ROWS)).toEqual(readPolicies(null))
})
