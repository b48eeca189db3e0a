import { describe, expect, test } from 'vitest'

import { welcomeText } from '../../../src/bin/welcome.ts'

const LOCAL = { host: '127.0.0.1', publicUrl: null }

describe('the address of GraphiQL', () => {
  test.each([
    [{ host: '127.0.0.1', publicUrl: null }, 'http://127.0.0.1:4000/graphql'],
    [{ host: '0.0.0.0', publicUrl: null }, 'http://localhost:4000/graphql'],
    [{ host: '::', publicUrl: null }, 'http://localhost:4000/graphql'],
    [{ host: '::1', publicUrl: null }, 'http://[::1]:4000/graphql'],
    [{ host: '0.0.0.0', publicUrl: 'https://maat.example' }, 'https://maat.example/graphql'],
  ])('for %o is %s', (config, address) => {
    expect(welcomeText({ config, port: 4000, demo: null })).toContain(`GraphiQL: ${address}\n`)
  })
})

describe('the line to paste', () => {
  test('reads the key from its file, whatever that is called', () => {
    const demo = { key: 'maat_sk_x', keyFile: "/it's here/demo-key", created: true }
    const text = welcomeText({ config: LOCAL, port: 4000, demo })
    expect(text).toContain(`$(cat '/it'\\''s here/demo-key')`)
    expect(text).toContain('Demo key: maat_sk_x')
  })

  test('needs no key where there is no demo account', () => {
    const demo = { key: null, keyFile: '/demo-key', created: false }
    expect(welcomeText({ config: LOCAL, port: 4000, demo })).not.toMatch(/Authorization|demo-key/)
  })
})
