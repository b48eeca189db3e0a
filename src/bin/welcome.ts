import type { Config } from '../config.ts'
import type { Demo } from '../seed/ensure-demo.ts'

export interface Welcome {
  readonly config: Pick<Config, 'host' | 'publicUrl'>
  /** The port that is bound. */
  readonly port: number
  /** null where there is no demo data. */
  readonly demo: Demo | null
}

/** What a started gateway tells its operator: where it is, where the demo key lies, and a line that works when pasted. */
export function welcomeText({ config, port, demo }: Welcome): string {
  const endpoint = `${config.publicUrl ?? localUrl(config.host, port)}/graphql`
  const lines = [`Maat is ready. GraphiQL: ${endpoint}`]
  if (demo === null || demo.key === null) {
    return [...lines, '', curlLine(endpoint, '{ version }', null), ''].join('\n')
  }
  return [
    ...lines,
    `Demo key: ${demo.key} (kept in ${demo.keyFile})`,
    '',
    curlLine(endpoint, DEMO_QUERY, demo.keyFile),
    '',
  ].join('\n')
}

const DEMO_QUERY = '{ me { username measurementSets(first: 1) { nodes { name measurements } } } }'

function localUrl(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The key is read from its file, so that it stays out of the shell's history. */
function curlLine(endpoint: string, query: string, keyFile: string | null): string {
  const credential = keyFile === null ? '' : ` -H "Authorization: Bearer $(cat ${quoted(keyFile)})"`
  const body = quoted(JSON.stringify({ query }))
  return `curl -s ${quoted(endpoint)}${credential} -H 'Content-Type: application/json' -d ${body}`
}

/** The text as one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
