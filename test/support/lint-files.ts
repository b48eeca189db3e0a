import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const CONFIG = '.oxlint.config.ts'

/** Lints these files (path -> text), in a tree of their own, under the rules of this one: path -> rules it breaks. */
export function lintFiles(files: ReadonlyMap<string, string>): ReadonlyMap<string, string[]> {
  const root = mkdtempSync(join(tmpdir(), 'maat-lint-'))
  try {
    for (const name of [CONFIG, 'tsconfig.json']) copyFileSync(name, join(root, name))
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
    for (const [path, text] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), `${text}\n`)
    }
    return brokenRules(root, [...files.keys()])
  } finally {
    rmSync(root, { recursive: true })
  }
}

interface Report {
  readonly diagnostics: readonly { readonly filename: string; readonly code: string }[]
}

function brokenRules(root: string, paths: readonly string[]): Map<string, string[]> {
  const oxlint = resolve('node_modules/oxlint/bin/oxlint')
  const { stdout } = spawnSync(
    process.execPath,
    [oxlint, '--config', CONFIG, '--format', 'json', ...paths],
    {
      cwd: root,
    },
  )
  const report: Report = JSON.parse(stdout.toString())
  const rules = new Map<string, string[]>(paths.map((path) => [path, []]))
  for (const { filename, code } of report.diagnostics) rules.get(filename)?.push(code)
  return rules
}
