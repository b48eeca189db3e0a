import { mkdir, mkdtemp, readdir, rename, rm, rmdir, symlink, unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The folder of a gateway that lives, which nobody else takes for abandoned. */
export interface GatewayFolder {
  readonly path: string
  /** Others may take it from now on. */
  readonly leave: () => Promise<void>
}

/**
 * Makes the folder of this gateway. It is held by a socket in it: the system closes that when the process ends, however it
 * does, and not while it only stands still.
 */
export async function makeGatewayFolder(meter: string, gateway: string): Promise<GatewayFolder> {
  const path = join(meter, gateway)
  // Nobody looks at it before it is held.
  const hidden = join(meter, `.${gateway}`)
  await mkdir(hidden, { recursive: true, mode: 0o700 })
  const held = await hold(hidden)
  await rename(hidden, path)
  return {
    path,
    async leave() {
      await new Promise((resolve) => held.close(resolve))
      // The server unlinks where its socket was made.
      await unlink(join(path, SOCKET)).catch(() => {})
    },
  }
}

/** Folders whose gateways have ended, by their UUIDs. */
export async function abandonedIn(meter: string): Promise<readonly string[]> {
  const names = await readdir(meter).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const gateways = names.filter((name) => UUID.test(name))
  const held = await Promise.all(gateways.map((name) => isHeld(join(meter, name))))
  return gateways.filter((_name, position) => held[position] === false)
}

/** Removes the folder of a gateway that has ended, once its segments are gone. */
export async function removeFolder(path: string): Promise<void> {
  await unlink(join(path, SOCKET)).catch(() => {})
  await rmdir(path).catch((error: NodeJS.ErrnoException) => {
    // Somebody else was faster.
    if (error.code !== 'ENOENT') throw error
  })
}

const SOCKET = 'alive'
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

async function hold(folder: string): Promise<Server> {
  return byShortPath(folder, async (path) => {
    const server = createServer((socket) => socket.destroy())
    server.unref()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
    return server
  })
}

function isHeld(folder: string): Promise<boolean> {
  return byShortPath(
    folder,
    (path) =>
      new Promise((resolve) => {
        const socket = connect(path)
        socket.once('connect', () => {
          socket.destroy()
          resolve(true)
        })
        // A socket whose queue is full has somebody behind it.
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EAGAIN'))
      }),
  )
}

/** The path of a socket has 108 characters at most, or fewer: a link in the folder for temporary files is always short enough. */
async function byShortPath<Result>(
  folder: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const short = await mkdtemp(join(tmpdir(), 'maat-'))
  try {
    await symlink(folder, join(short, 'm'))
    return await use(join(short, 'm', SOCKET))
  } finally {
    await rm(short, { recursive: true, force: true })
  }
}
