import { stringify } from 'yaml'

export type TextFormat = 'json' | 'yaml'

/** The text of a plain value. */
export function printed(value: object, format: TextFormat): string {
  return format === 'json'
    ? `${JSON.stringify(value, null, 2)}\n`
    : stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
}
