import { chmod, mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An empty folder that every user may enter: started as root, PostgreSQL runs as another one. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'maat-test-'))
  await chmod(folder, 0o711)
  return folder
}
