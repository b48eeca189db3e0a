import { afterAll, onTestFinished, TestRunner } from 'vitest'

/** Runs at the end of the test, or of the file; the last one asked for runs first. */
export function whenDone(cleanUp: () => Promise<void>): void {
  if (TestRunner.getCurrentTest() === undefined) afterAll(cleanUp)
  else onTestFinished(cleanUp)
}
