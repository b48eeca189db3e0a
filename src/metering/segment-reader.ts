import { open } from 'node:fs/promises'

import { segmentPath } from './segment-files.ts'
import { parseRecord, type UsageRecord } from './usage-record.ts'

/** Whole lines of a segment. */
export interface SegmentPart {
  readonly records: readonly PlacedRecord[]
  /** Lines that are no records: whatever they were is lost. */
  readonly unreadable: number
  /** Where the line after them begins. */
  readonly end: number
}

/** A record, and where its line begins, in bytes. */
export interface PlacedRecord extends UsageRecord {
  readonly place: number
}

/** Some 2 000 records. */
const PART_BYTES = 640 * 1024

/**
 * The next whole lines of a segment from this place on; null where there are none. A part of a line at its end was never
 * answered for.
 * @throws {Error} ENOENT where there is no such segment
 */
export async function readPart(
  folder: string,
  segment: number,
  start: number,
): Promise<SegmentPart | null> {
  const file = await open(segmentPath(folder, segment), 'r')
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PART_BYTES), 0, PART_BYTES, start)
    const size = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1
    if (size === 0) return null
    const records: PlacedRecord[] = []
    let place = start
    let unreadable = 0
    for (const line of buffer.toString('latin1', 0, size - 1).split('\n')) {
      const record = parseRecord(line)
      if (record === null) unreadable += 1
      else records.push({ ...record, place })
      place += line.length + 1
    }
    return { records, unreadable, end: place }
  } finally {
    await file.close()
  }
}
