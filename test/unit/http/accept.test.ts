import { describe, expect, test } from 'vitest'

import { negotiateMediaType, prefersHtml } from '../../../src/http/accept.ts'

const RESPONSE = 'application/graphql-response+json'
const JSON_TYPE = 'application/json'

describe('the media type of an answer', () => {
  test.each([
    ['no field at all', undefined, JSON_TYPE],
    ['anything', '*/*', JSON_TYPE],
    ['any application type', 'application/*', JSON_TYPE],
    ['plain JSON', 'application/json', JSON_TYPE],
    ['plain JSON in UTF-8', 'application/json; charset=UTF-8', JSON_TYPE],
    ['GraphQL JSON', 'application/graphql-response+json', RESPONSE],
    ['the first of equals', 'application/graphql-response+json, application/json', RESPONSE],
    ['the first of equals', 'application/json, application/graphql-response+json', JSON_TYPE],
    ['the higher quality', 'application/json;q=0.5, application/graphql-response+json', RESPONSE],
    ['one of many', 'multipart/mixed, application/graphql-response+json, */*;q=0.1', RESPONSE],
    ['any case', 'Application/JSON', JSON_TYPE],
  ])('for %s (%s) is %s', (_case, accept, mediaType) => {
    expect(negotiateMediaType(accept)).toBe(mediaType)
  })

  test.each([
    ['another media type', 'text/event-stream'],
    ['another encoding of the text', 'application/json; charset=utf-16'],
    ['a quality of zero', 'application/json;q=0'],
    ['a quality that is none', 'application/json;q=high'],
    ['an empty field', ''],
    ['a name of Object.prototype', '__proto__, constructor'],
  ])('does not exist for %s', (_case, accept) => {
    expect(negotiateMediaType(accept)).toBeNull()
  })
})

describe('a page is preferred', () => {
  test('by a browser', () => {
    expect(prefersHtml('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe(
      true,
    )
  })

  test.each([
    ['no field at all', undefined],
    ['anything', '*/*'],
    ['JSON alone', 'application/json'],
    ['JSON at the same quality', 'application/json, text/html'],
    ['HTML at a quality of zero', 'text/html;q=0'],
  ])('never for %s', (_case, accept) => {
    expect(prefersHtml(accept)).toBe(false)
  })
})
