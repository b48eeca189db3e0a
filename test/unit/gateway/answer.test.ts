import { describe, expect, test } from 'vitest'

import { type ErrorCode, ERRORS, apiError } from '../../../src/errors.ts'
import { refusalAnswer, refusalHeaders } from '../../../src/gateway/answer.ts'

// The keys of the table are its codes.
const CODES = Object.keys(ERRORS) as ErrorCode[]

describe('the status of a refusal', () => {
  test.each(CODES)('%s is its own as application/graphql-response+json', (code) => {
    const { status } = refusalAnswer([apiError(code)], 'application/graphql-response+json')
    expect(status).toBe(ERRORS[code].status)
  })

  test('is 200 as application/json for documents and variables that do not fit, and for nothing else', () => {
    const fine = CODES.filter(
      (code) => refusalAnswer([apiError(code)], 'application/json').status === 200,
    )
    expect(fine).toEqual(['DOCUMENT_INVALID', 'VARIABLE_INVALID'])
  })

  test('is the highest of several', () => {
    const errors = [apiError('BAD_REQUEST'), apiError('UNAVAILABLE')]
    expect(refusalAnswer(errors, 'application/json').status).toBe(503)
  })
})

describe('a refusal', () => {
  test('is a JSON body of errors, each with its code', () => {
    const { body, headers } = refusalAnswer([apiError('CURSOR_INVALID')], 'application/json')
    expect(JSON.parse(body)).toEqual({
      errors: [{ message: ERRORS.CURSOR_INVALID.message, extensions: { code: 'CURSOR_INVALID' } }],
    })
    expect(headers).toEqual({ 'Content-Type': 'application/json; charset=utf-8' })
  })

  test('with status 401 says how to authenticate', () => {
    expect(refusalHeaders([apiError('KEY_EXPIRED')])).toEqual({
      'WWW-Authenticate': 'Bearer realm="maat"',
    })
  })

  test('with status 405 says which methods there are', () => {
    const error = apiError('METHOD_NOT_ALLOWED', { extensions: { allow: 'GET, POST' } })
    expect(refusalHeaders([error])).toEqual({ Allow: 'GET, POST' })
  })

  test.each(CODES.filter((code) => [429, 503].includes(ERRORS[code].status)))(
    '%s says when to come again',
    (code) => {
      expect(refusalHeaders([apiError(code)])).toEqual({ 'Retry-After': '1' })
      const known = apiError(code, { extensions: { retryAfterSeconds: 7 } })
      expect(refusalHeaders([known])).toEqual({ 'Retry-After': '7' })
    },
  )
})
