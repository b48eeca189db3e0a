import { describe, expect, test } from 'vitest'

import { formatId } from '../../../src/ids.ts'
import { ask } from '../../support/act-client.ts'
import { testGateway } from '../../support/gateway.ts'
import { sessionOf } from '../../support/session-principal.ts'

const UPDATE = `mutation ($input: UpdateAccountInput!) { updateAccount(input: $input) {
  __typename
  ... on UpdateAccountPayload {
    account { bio image units language newsletter control email }
    profile { username bio }
  }
  ... on Problem { code }
} }`
const RENAME = `mutation ($input: ChangeUsernameInput!) { changeUsername(input: $input) {
  __typename
  ... on ChangeUsernamePayload { account { username } profile { username } }
  ... on Problem { code }
} }`

const STAFF = { level: 8, role: 'support' } as const

async function community() {
  const gateway = await testGateway()
  const ada = await gateway.account({ username: 'ada' })
  const ben = await gateway.account({ username: 'ben' })
  const update = (principal: ReturnType<typeof sessionOf>, input: object) =>
    ask(gateway, UPDATE, { principal, variables: { input } })
  const rename = (principal: ReturnType<typeof sessionOf>, input: object) =>
    ask(gateway, RENAME, { principal, variables: { input } })
  const { rows } = await gateway.database.pool.query('select id, version from account')
  expect(rows.map(({ version }) => version)).toEqual([1, 1])
  return { gateway, ada, ben, update, rename }
}

describe('updateAccount', () => {
  test('changes what is given, and leaves the rest', async () => {
    const { ada, update } = await community()
    const me = sessionOf(ada)
    const image = 'https://images.example.org/ada.png'
    const first = { bio: 'Sews "a lot"\nand knits', image, units: 'IMPERIAL', language: 'UK' }
    await update(me, first)
    const changed = await update(me, { newsletter: true, control: 5 })
    expect(changed.data['updateAccount']).toEqual({
      __typename: 'UpdateAccountPayload',
      account: { ...first, newsletter: true, control: 5, email: 'ada@example.test' },
      profile: { username: 'ada', bio: first.bio },
    })
    const removed = await update(me, { bio: null })
    expect(removed.data['updateAccount'].account).toMatchObject({ bio: null, image })
  })

  test('takes the account one version further and stands in its access log, where something changes', async () => {
    const { gateway, ada, update } = await community()
    await update(sessionOf(ada), {})
    await update(sessionOf(ada), { control: 2 })
    const { rows } = await gateway.database.pool.query(
      'select a.version, l.action, l.actor_kind from account a join audit l on l.account_id = a.id',
    )
    expect(rows).toEqual([{ version: 2, action: 'update-account', actor_kind: 'session' }])
  })

  test('tells of everything that is wrong at once, and stores nothing', async () => {
    const { gateway, ada, update } = await community()
    const refused = await update(sessionOf(ada), {
      bio: 'ß'.repeat(8001),
      image: 'http://images.example.org/ada.png',
      control: 6,
      language: null,
      newsletter: true,
    })
    expect([refused.status, refused.problems.map(({ path }) => path).toSorted()]).toEqual([
      422,
      ['bio', 'control', 'image', 'language'].map((name) => `updateAccount.input.${name}`),
    ])
    const { rows } = await gateway.database.pool.query('select newsletter from account')
    expect(rows).toEqual([{ newsletter: false }, { newsletter: false }])
  })

  test.each([
    ['a script', 'javascript:alert(1)'],
    ['an address with a password', 'https://name:password@images.example.org/'],
    ['half an address', '//images.example.org/ada.png'],
    ['a long address', `https://images.example.org/${'a'.repeat(2000)}`],
  ])('takes no picture from %s', async (_what, image) => {
    const { ada, update } = await community()
    expect((await update(sessionOf(ada), { image })).problems).toMatchObject([
      { code: 'INPUT_INVALID', path: 'updateAccount.input.image' },
    ])
  })

  test('finds the account of another for nobody below level 7, as if there were none', async () => {
    const { gateway, ada, ben, update } = await community()
    const missing = '00000000-0000-7000-8000-00000000000f'
    for (const id of [ben, missing]) {
      const answered = await update(sessionOf(ada, { level: 6, role: 'bughunter' }), {
        account: formatId('acc', id),
        control: 4,
      })
      expect(answered.data['updateAccount']).toEqual({ __typename: 'NotFound', code: 'NOT_FOUND' })
    }
    const staff = await update(sessionOf(ada, STAFF), {
      account: formatId('acc', missing),
      control: 4,
    })
    expect(staff.data).toMatchObject({ updateAccount: { code: 'NOT_FOUND' } })
    const { rows } = await gateway.database.pool.query('select control from account')
    expect(rows).toEqual([{ control: 1 }, { control: 1 }])
  })

  test('of another’s account answers what others see, and stands in the log of its owner', async () => {
    const { gateway, ada, ben, update } = await community()
    const account = formatId('acc', ben)
    const changed = await update(sessionOf(ada, STAFF), { account, bio: 'Removed.' })
    expect(changed.data['updateAccount']).toEqual({
      __typename: 'UpdateAccountPayload',
      account: null,
      profile: { username: 'ben', bio: 'Removed.' },
    })
    const { rows } = await gateway.database.pool.query('select account_id, actor_id from audit')
    expect(rows).toEqual([{ account_id: ben, actor_id: ada }])
  })
})

describe('changeUsername', () => {
  test('gives another name, normalised, and frees the old one', async () => {
    const { ada, ben, rename } = await community()
    const renamed = await rename(sessionOf(ada), { username: '  Ａda L ' })
    expect(renamed.data['changeUsername']).toEqual({
      __typename: 'ChangeUsernamePayload',
      account: { username: 'Ada L' },
      profile: { username: 'Ada L' },
    })
    expect(
      (await rename(sessionOf(ben), { username: 'ADA' })).data['changeUsername'],
    ).toMatchObject({
      account: { username: 'ADA' },
    })
  })

  test('changes nothing where another account has it, in whatever letter case', async () => {
    const { gateway, ada, rename } = await community()
    const taken = await rename(sessionOf(ada), { username: 'BEN' })
    expect(taken.data['changeUsername']).toEqual({
      __typename: 'UsernameTaken',
      code: 'USERNAME_TAKEN',
    })
    const { rows } = await gateway.database.pool.query('select username from account order by 1')
    expect(rows).toEqual([{ username: 'ada' }, { username: 'ben' }])
    const own = await rename(sessionOf(ada), { username: 'Ada' })
    expect(own.data['changeUsername'].account).toEqual({ username: 'Ada' })
  })

  test('to the same name goes through for one of two at once', async () => {
    const { ada, ben, rename } = await community()
    const both = await Promise.all(
      [ada, ben].map((id) => rename(sessionOf(id), { username: 'Curie' })),
    )
    const codes = both.map(({ data }) => data['changeUsername'].code)
    expect(codes.filter((code) => code === 'USERNAME_TAKEN')).toHaveLength(1)
    expect(codes.filter((code) => code === undefined)).toHaveLength(1)
  })

  test.each(['a', 'a'.repeat(41), 'ada@example.org', 'acc_1', 'ada\u0007', 'ada\u202Eben', '  '])(
    'refuses %j',
    async (username) => {
      const { ada, rename } = await community()
      expect((await rename(sessionOf(ada), { username })).problems).toMatchObject([
        { code: 'INPUT_INVALID', path: 'changeUsername.input.username' },
      ])
    },
  )
})
