import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** One edit of one file under src, as a gateway is started with it: nothing on disk changes. */
export interface Edit {
  /** Below src. */
  readonly file: string
  /** Stands in it exactly once. */
  readonly find: string
  readonly replace: string
}

/** The variable that says which edit, as JSON. */
export const EDIT_VARIABLE: string = 'MAAT_TEST_EDIT'

const given = process.env[EDIT_VARIABLE]
if (given !== undefined) loadEdited(JSON.parse(given) as Edit) // written by the test that starts this process

function loadEdited({ file, find, replace }: Edit): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!url.endsWith(`/src/${file}`)) return loaded
      const text = readFileSync(fileURLToPath(url), 'utf8')
      if (text.split(find).length !== 2) throw new Error(`${file} holds not one ${find}`)
      return { ...loaded, source: text.replace(find, () => replace) }
    },
  })
}
