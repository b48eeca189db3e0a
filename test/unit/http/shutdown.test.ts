import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'

import { endOnSignals } from '../../../src/http/shutdown.ts'

describe('the process', () => {
  test.each(['SIGTERM', 'SIGINT'])('ends in order on %s, with code 0', async (signal) => {
    const { process, steps, exited } = observed()
    process.emit(signal)
    expect(await exited).toBe(0)
    expect(steps).toEqual(['retire', 'close', 'release'])
  })

  test.each(['uncaughtException', 'unhandledRejection'])(
    'drains and ends on %s too, with code 1, and logs no message',
    async (event) => {
      const { process, steps, logged, exited } = observed()
      process.emit(event, new Error('canary'))
      expect(await exited).toBe(1)
      expect(steps).toEqual(['retire', 'close', 'release'])
      expect(logged.join()).toContain(event)
      expect(logged.join()).not.toContain('canary')
    },
  )

  test('ends at once on a signal that comes a second after the first', async () => {
    const { process, exited, pass } = observed({ close: () => new Promise(() => {}) })
    process.emit('SIGINT')
    pass(1_000)
    process.emit('SIGINT')
    expect(await exited).toBe(1)
  })

  test('takes signals within a second for one: a terminal and npm both send a Ctrl-C', async () => {
    const { process, steps, exited, pass } = observed()
    process.emit('SIGINT')
    pass(999)
    process.emit('SIGINT')
    expect(await exited).toBe(0)
    expect(steps).toEqual(['retire', 'close', 'release'])
  })

  test('ends at once on an error that nothing caught while it ends', async () => {
    const { process, exited } = observed({ close: () => new Promise(() => {}) })
    process.emit('SIGTERM')
    process.emit('uncaughtException', new Error('late'))
    expect(await exited).toBe(1)
  })

  test('ends with code 1 where it can not end in order', async () => {
    const { process, exited } = observed({ close: () => Promise.reject(new Error('stuck')) })
    process.emit('SIGTERM')
    expect(await exited).toBe(1)
  })
})

/** A process of which only its signals, its faults and its end count. */
function observed(over: { readonly close?: () => Promise<void> } = {}) {
  const steps: string[] = []
  const logged: string[] = []
  let now = 0
  const exit = Promise.withResolvers<number>()
  const emitter = Object.assign(new EventEmitter(), { exit: exit.resolve })
  const record = (entry: unknown): void => void logged.push(JSON.stringify(entry))
  const note = (step: string) => (): Promise<void> => {
    steps.push(step)
    return Promise.resolve()
  }
  endOnSignals(
    // Nothing else of a process is used.
    emitter as unknown as NodeJS.Process,
    {
      server: { retire: () => void steps.push('retire'), close: over.close ?? note('close') },
      drainWaitMs: 0,
      release: note('release'),
      clock: () => new Date(now),
      log: { info: record, fatal: record },
    },
  )
  const pass = (ms: number): void => void (now += ms)
  return { process: emitter, steps, logged, pass, exited: exit.promise }
}
