import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'

import { segmentPath } from './segment-files.ts'

/**
 * Appends lines to the segments of one folder. A line that could be written whole survives the process, not the machine. What
 * can not be written stays in memory, in order, until it can.
 */
export class SegmentWriter {
  readonly #folder: string
  #segment = 0
  #file: number | null = null
  #size = 0
  #waiting: string[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The segment that is written to, or will be: those before it are complete. */
  get current(): number {
    return this.#file === null ? this.#segment + 1 : this.#segment
  }

  /** Of that segment. */
  get bytes(): number {
    return this.#size
  }

  /** Lines that are in memory alone. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Takes a line of ASCII, its line feed included. Never throws. True where it is on disk now. */
  append(line: string): boolean {
    if (this.#waiting.length === 0 && this.#write(line)) return true
    this.#waiting.push(line)
    return false
  }

  /** Writes what waits in memory, as far as that is possible; true where nothing waits any more. */
  retry(): boolean {
    while (this.#waiting.length > 0) {
      if (!this.#write(this.#waiting.slice(0, LINES_AT_ONCE).join(''))) return false
      this.#waiting.splice(0, LINES_AT_ONCE)
    }
    return true
  }

  /** The next line begins a new segment. */
  rotate(): void {
    if (this.#file === null) return
    closeSync(this.#file)
    this.#file = null
  }

  /** All of the text, or none of it. */
  #write(text: string): boolean {
    try {
      const file = this.#file ?? this.#open()
      const written = writeSync(file, text, null, 'latin1')
      if (written === text.length) {
        this.#size += written
        return true
      }
      // The disk took a part.
      this.#cut(file)
      return false
    } catch {
      if (this.#file !== null) this.#cut(this.#file)
      return false
    }
  }

  #open(): number {
    const file = openSync(segmentPath(this.#folder, this.#segment + 1), 'a', 0o600)
    this.#segment += 1
    this.#size = 0
    this.#file = file
    return file
  }

  #cut(file: number): void {
    try {
      ftruncateSync(file, this.#size)
    } catch {
      // What comes later goes elsewhere: its reader passes over a part of a line at the end of a segment, and there alone.
      this.rotate()
    }
  }
}

const LINES_AT_ONCE = 500
