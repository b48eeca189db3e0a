import { stringify } from 'yaml'

/** How an export is written: the texts of its members one after the other are one document. */
export interface ExportFormat {
  readonly mediaType: string
  readonly begin: string
  readonly end: string
  /** A member that holds a value. */
  readonly one: (name: string, value: unknown) => string
  /** A member that holds a list: `item` for each of its items, `close` behind them. */
  readonly open: (name: string) => string
  readonly item: (value: object, position: number) => string
  readonly close: (count: number) => string
}

const json: ExportFormat = {
  mediaType: 'application/json; charset=utf-8',
  // Every member begins with the comma behind the one before.
  begin: '{"format":"maat-account"',
  end: '\n}\n',
  one: (name, value) => `,\n${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  open: (name) => `,\n${JSON.stringify(name)}: [`,
  item: (value, position) => `${position === 0 ? '' : ','}\n  ${JSON.stringify(value)}`,
  close: (count) => (count === 0 ? ']' : '\n]'),
}

const yaml: ExportFormat = {
  mediaType: 'application/yaml; charset=utf-8',
  begin: 'format: maat-account\n',
  end: '',
  one: (name, value) => printYaml({ [name]: value }),
  open: (name) => `${name}:`,
  // A list may stand as far to the left as the name of its member.
  item: (value, position) => `${position === 0 ? '\n' : ''}${printYaml([value])}`,
  close: (count) => (count === 0 ? ' []\n' : ''),
}

export const EXPORT_FORMATS = { json, yaml } as const

export type ExportFormatName = keyof typeof EXPORT_FORMATS

function printYaml(value: unknown): string {
  // By way of JSON: dates are texts in both.
  const plain: unknown = JSON.parse(JSON.stringify(value))
  return stringify(plain, { lineWidth: 0, aliasDuplicateObjects: false })
}
