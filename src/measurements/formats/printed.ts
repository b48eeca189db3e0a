import { stringify } from 'yaml'

export type TextFormat = 'json' | 'yaml'

/** The text of a plain object. */
export function printed(value: object, format: TextFormat): string {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`
  return Object.entries(value).map(memberInYaml).join('')
}

function memberInYaml([name, value]: readonly [string, unknown]): string {
  const json = JSON.stringify(value)
  if (json.length > FOR_PEOPLE && !LONG_KEY.test(json)) return `${name}: ${json}\n`
  return stringify({ [name]: value }, { lineWidth: 0, aliasDuplicateObjects: false })
}

/** JSON is YAML as well: what nobody reads in an editor stands in one line, written in a tenth of the time. */
const FOR_PEOPLE = 8_000

/** Of more characters than YAML allows without a question mark. */
const LONG_KEY = /"(?:[^"\\]|\\.){1000,}":/
