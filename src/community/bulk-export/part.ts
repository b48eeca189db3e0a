/** A part of the file of an export. */
export interface Part {
  /** UUID. */
  readonly exportId: string
  readonly number: number
  /** A gzip member: one behind the other they are a gzip file. */
  readonly bytes: Buffer
}

/** The text that is sealed of a part. It says where it stands: a part that was moved is found out. */
export function joinPart({ exportId, number, bytes }: Part): string {
  return `${headOf(exportId, number)}${bytes.toString('base64')}`
}

/**
 * The bytes of this part.
 * @throws {Error} where the text is that of another one
 */
export function splitPart(text: string, { exportId, number }: Omit<Part, 'bytes'>): Buffer {
  const head = headOf(exportId, number)
  if (!text.startsWith(head)) throw new Error('A part of an export stands in the wrong place.')
  return Buffer.from(text.slice(head.length), 'base64')
}

function headOf(exportId: string, number: number): string {
  return `${exportId} ${number}\n`
}
