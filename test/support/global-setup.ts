import type { TestProject } from 'vitest/node'

import { type TestServer, startTestServer } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    server: TestServer
  }
}

/** One server for the whole run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, template, stop } = await startTestServer()
  project.provide('server', { url, template })
  return stop
}
