import { describe, expect, test } from 'vitest'

import { apiError } from '../../../src/errors.ts'
import { describeFailure, maskFailure, refusalsOf } from '../../../src/gateway/failure.ts'

describe('an error', () => {
  test('that refuses on purpose reaches the client as it is, unlogged', () => {
    const log = recordingLog()
    const refusal = apiError('CURSOR_INVALID')
    expect(maskFailure(refusal, log, 'r1')).toBe(refusal)
    expect(log.lines).toEqual([])
  })

  test('that nobody meant becomes INTERNAL with the id of the request', () => {
    const { message, extensions } = maskFailure(new Error('canary'), recordingLog(), 'r1')
    expect({ message, extensions }).toEqual({
      message: 'Something went wrong on our side.',
      extensions: { code: 'INTERNAL', requestId: 'r1' },
    })
  })

  test('that nobody meant is logged by kind, code and frames, without its message', () => {
    const log = recordingLog()
    const error = Object.assign(new TypeError('canary'), { code: '22P02', detail: 'canary' })
    maskFailure(error, log, 'r1')
    expect(log.lines.join()).toContain('22P02')
    expect(log.lines.join()).toContain('failure.test.ts')
    expect(log.lines.join()).not.toContain('canary')
  })

  test('that is no Error at all is described by its type alone', () => {
    expect(describeFailure('canary')).toEqual({ name: 'string' })
  })
})

test('all refusals of a document are given', () => {
  const refusals = [apiError('DOCUMENT_INVALID'), apiError('DOCUMENT_INVALID')]
  expect(refusalsOf(new AggregateError(refusals), recordingLog())).toEqual(refusals)
})

function recordingLog() {
  const lines: string[] = []
  const write = (entry: unknown): void => void lines.push(JSON.stringify(entry))
  return { lines, error: write, warn: write }
}
