import { Worker } from 'node:worker_threads'
import { apiError } from '../../errors.ts'
import type { ImportFormat, ReadOptions, ReadSets } from './read-sets.ts'

export interface AskedFile {
  /** Whose file it is: nobody has many waiting. */
  readonly account: string | null
  readonly text: string
  readonly format: ImportFormat
  readonly options: ReadOptions
}

/**
 * What stands in a file, as readSets has it.
 * @throws {ApiError} OVERLOADED where too many wait already, or too many of the same account
 */
export type ReadFile = (file: AskedFile) => Promise<ReadSets>

export interface FileReader {
  readonly read: ReadFile
  readonly close: () => Promise<void>
}

export interface FileReaderOptions {
  /** How many files wait behind the one that is read. */
  readonly waiting?: number
  /** How long one may take: what nobody has written by hand takes longer. */
  readonly longestMs?: number
}

interface Waiting {
  readonly file: AskedFile
  readonly settle: (read: ReadSets | Error) => void
}

/**
 * Reads files in a thread of its own, one at a time: a large YAML takes a quarter of a second, in which no request should
 * stand still. The thread is made with the first file.
 */
export function createFileReader({
  waiting = 16,
  longestMs = 1_500,
}: FileReaderOptions = {}): FileReader {
  const queue: Waiting[] = []
  let thread: Worker | null = null
  let timer: NodeJS.Timeout | null = null

  function start(): Worker {
    const made = new Worker(new URL('./read-sets.worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    })
    // A process that has nothing else to do ends.
    made.unref()
    // One that was given up may still have something to say.
    made.on('message', (read: ReadSets) => {
      if (thread === made) finish(read)
    })
    made.on('error', (error) => {
      if (thread !== made) return
      thread = null
      finish(error)
    })
    return made
  }

  function next(): void {
    const [first] = queue
    if (first === undefined) return
    thread ??= start()
    timer = setTimeout(giveUp, longestMs)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread: it has no origin
    thread.postMessage(first.file)
  }

  function finish(read: ReadSets | Error): void {
    if (timer !== null) clearTimeout(timer)
    queue.shift()?.settle(read)
    next()
  }

  function giveUp(): void {
    const stuck = thread
    thread = null
    void stuck?.terminate()
    finish(TOO_LONG)
  }

  return {
    read: (file) =>
      new Promise((resolve, reject) => {
        const own = queue.filter(({ file: { account } }) => account === file.account)
        if (queue.length > waiting || own.length >= OWN_MAX) {
          reject(apiError('OVERLOADED'))
          return
        }
        queue.push({
          file,
          settle: (read) => (read instanceof Error ? reject(read) : resolve(read)),
        })
        if (queue.length === 1) next()
      }),
    async close() {
      const open = thread
      thread = null
      if (timer !== null) clearTimeout(timer)
      for (const { settle } of queue.splice(0)) settle(apiError('OVERLOADED'))
      await open?.terminate()
    },
  }
}

/** Files of one account, the one that is being read included. */
const OWN_MAX = 3

const TOO_LONG = apiError('INPUT_INVALID', {
  message: 'The file takes too long to read. Send fewer sets at once.',
})
