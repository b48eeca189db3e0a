import { describe, expect, test } from 'vitest'

import { createCorsPolicy } from '../../../src/http/cors.ts'

const EXPOSED = 'ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'

describe('without a list of origins', () => {
  const cors = createCorsPolicy([])

  test('everybody may read, and nobody with credentials', () => {
    expect(cors.headers('https://anywhere.example')).toEqual({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': EXPOSED,
    })
  })

  test('a request of no origin gets no field', () => {
    expect(cors.headers(undefined)).toEqual({})
  })

  test('a preflight names methods and fields', () => {
    expect(cors.preflight('https://anywhere.example', ['GET', 'POST'])).toMatchObject({
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers':
        'authorization, content-type, graphql-cost, idempotency-key, if-modified-since, if-none-match, maat-request',
    })
  })
})

describe('with a list of origins', () => {
  const cors = createCorsPolicy(['https://app.example'])

  test('a listed one may read with credentials', () => {
    expect(cors.headers('https://app.example')).toEqual({
      Vary: 'Origin',
      'Access-Control-Allow-Origin': 'https://app.example',
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': EXPOSED,
    })
  })

  test.each([['https://app.example.evil.example'], ['http://app.example'], ['null'], [undefined]])(
    '%s may not read',
    (origin) => {
      expect(cors.headers(origin)).toEqual({ Vary: 'Origin' })
      expect(cors.preflight(origin, ['POST'])).toEqual({ Vary: 'Origin' })
    },
  )
})

test('with * in the list, others may read without credentials', () => {
  const cors = createCorsPolicy(['*', 'https://app.example'])
  expect(cors.headers('https://app.example')).toHaveProperty('Access-Control-Allow-Credentials')
  expect(cors.headers('https://other.example')).toEqual({
    Vary: 'Origin',
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': EXPOSED,
  })
})
