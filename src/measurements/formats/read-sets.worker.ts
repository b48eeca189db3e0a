import { parentPort } from 'node:worker_threads'
import type { AskedFile } from './read-in-thread.ts'
import { readSets } from './read-sets.ts'

/** Reads one file after the other, and answers in the same order. */
parentPort?.on('message', ({ text, format, options }: AskedFile) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread: it has no origin
  parentPort?.postMessage(readSets(text, format, options))
})
