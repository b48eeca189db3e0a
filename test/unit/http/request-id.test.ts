import { describe, expect, test } from 'vitest'

import { requestIdOf } from '../../../src/http/request-id.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describe("a request's id", () => {
  test("is the caller's own where it is short and plain", () => {
    expect(requestIdOf('trace:4711.a-B_9')).toBe('trace:4711.a-B_9')
  })

  test.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['65 characters', 'x'.repeat(65)],
    ['a line break', 'a\r\nSet-Cookie: b'],
    ['markup', '<script>'],
    ['two values joined', 'a, b'],
    ['an API key', 'maat_sk_abcdef'],
  ])('is a new one in place of %s', (_case, given) => {
    expect(requestIdOf(given)).toMatch(UUID)
  })

  test('is never the same twice', () => {
    expect(requestIdOf(undefined)).not.toBe(requestIdOf(undefined))
  })
})
