import pg from 'pg'
import { describe, expect, test } from 'vitest'

import { isConnectionLost, refusalOf } from '../../../src/database/outage.ts'

function serverError(code: string, detail: { routine?: string } = {}): Error {
  return Object.assign(new pg.DatabaseError('something', 9, 'error'), { code, ...detail })
}

function systemError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code })
}

test('a statement out of time is DB_TIME_EXCEEDED', () => {
  expect(refusalOf(serverError('57014'))).toMatchObject({ code: 'DB_TIME_EXCEEDED', status: 503 })
})

describe('an outage is UNAVAILABLE', () => {
  const outages: [string, Error][] = [
    ['the server shuts down', serverError('57P01')],
    ['the server starts', serverError('57P03')],
    ['the server crashed', serverError('57P02')],
    ['the connection failed', serverError('08006')],
    ['too many connections', serverError('53300')],
    ['the disk is full', serverError('53100')],
    ['the server is read-only', serverError('25006')],
    ['a lock was not free in time', serverError('55P03')],
    ['the credentials are wrong', serverError('28P01')],
    ['the database is gone', serverError('3D000')],
    ['nobody listens', systemError('ECONNREFUSED')],
    ['the socket is gone', systemError('ENOENT')],
    ['the connection was reset', systemError('ECONNRESET')],
    ['the connection ended', new Error('Connection terminated unexpectedly')],
    ['the pool is exhausted', new Error('timeout exceeded when trying to connect')],
    ['the gateway is stopping', new Error('Cannot use a pool after calling end on the pool')],
  ]
  test.each(outages)('%s', (_, error) => {
    expect(refusalOf(error)).toMatchObject({ code: 'UNAVAILABLE', status: 503 })
  })
})

describe('a defect of ours is no refusal', () => {
  const defects: [string, unknown][] = [
    ['a syntax error', serverError('42601')],
    ['a violated constraint', serverError('23505')],
    ['an unsupported feature', serverError('0A000')],
    ['an error of the program', new TypeError('x is not a function')],
    ['a thrown value that is no error', 'oops'],
  ]
  test.each(defects)('%s', (_, error) => {
    expect(refusalOf(error)).toBeNull()
  })
})

test('the refusal keeps its cause', () => {
  const cause = serverError('57P01')
  expect(refusalOf(cause)?.originalError).toBe(cause)
})

test('a connection survives an error of one statement', () => {
  expect(isConnectionLost(serverError('57014'))).toBe(false)
  expect(isConnectionLost(serverError('42601'))).toBe(false)
})

test('a connection whose prepared statements no longer fit is given up', () => {
  expect(isConnectionLost(serverError('0A000', { routine: 'RevalidateCachedQuery' }))).toBe(true)
  expect(isConnectionLost(serverError('26000'))).toBe(true)
})
