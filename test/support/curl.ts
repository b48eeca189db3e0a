import { parseArgs } from 'node:util'

/** curl for a machine without it: what the lines that Maat prints and shows need of it. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd' },
  },
})

const [url = ''] = positionals
const headers = values.header.map((header) => header.split(/:\s*/, 2) as [string, string])
const method = values.data === undefined ? 'GET' : 'POST'
const response = await fetch(url, { method, headers, body: values.data ?? null })
process.stdout.write(await response.text())
