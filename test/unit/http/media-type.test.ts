import { describe, expect, test } from 'vitest'

import { assertJsonBody } from '../../../src/http/media-type.ts'

const UNSUPPORTED = expect.objectContaining({ code: 'MEDIA_TYPE_UNSUPPORTED' })

describe('a body', () => {
  test.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['application/json;charset=UTF-8'],
    ['application/json; charset="utf-8"'],
    ['Application/JSON'],
    ['application/json ; charset=utf-8 ; '],
    ['application/json;'],
  ])('of type %s is read', (type) => {
    expect(() => assertJsonBody({ 'content-type': type })).not.toThrow()
  })

  test.each([
    [undefined],
    [''],
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/graphql'],
    ['application/graphql+json'],
    ['application/jsonp'],
    ['application/json; charset=utf-16'],
    ['application/json; charset=iso-8859-1'],
    ['application/json, text/plain'],
    ['text/plain; application/json'],
  ])('of type %s is refused', (type) => {
    expect(() => assertJsonBody({ 'content-type': type })).toThrow(UNSUPPORTED)
  })

  test.each([
    ['application/json'],
    ['application/json;'],
    ['application/json;charset=utf-8'],
    ['application/json;charset=utf-8;'],
  ])('of a type that begins with %s and goes on with much space is refused at once', (start) => {
    const type = `${start}${' '.repeat(100_000)}x`
    const before = performance.now()
    expect(() => assertJsonBody({ 'content-type': type })).toThrow(UNSUPPORTED)
    expect(performance.now() - before).toBeLessThan(1_000)
  })

  test.each([['gzip'], ['br'], ['identity, gzip']])('encoded as %s is refused', (encoding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
    expect(() => assertJsonBody(headers)).toThrow(UNSUPPORTED)
  })

  test('that says it is not encoded is read', () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'identity' }
    expect(() => assertJsonBody(headers)).not.toThrow()
  })
})
