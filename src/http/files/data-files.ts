import { hash } from 'node:crypto'

import { apiError } from '../../errors.ts'
import { type Answer, refusalAnswer } from '../../gateway/answer.ts'
import { isLengthUnit, type LengthUnitName } from '../../measurements/units.ts'
import type { Exchange } from '../exchange.ts'
import { operationHandler, type OperationRouteOptions } from '../operation.ts'
import type { Handler, Routes } from '../router.ts'
import {
  FILE_KINDS,
  type FileFormat,
  type FileKind,
  MEDIA_TYPES,
  type WriteOptions,
} from './file-kinds.ts'

/**
 * Sets, curated sets and patterns as files: public ones for everybody, private ones with the credentials that open them.
 * Each is read, priced and refused as its operation.
 */
export function dataFileRoutes(options: OperationRouteOptions): Routes {
  return Object.fromEntries(
    Object.entries(FILE_KINDS).map(([name, kind]) => {
      const handler = fileHandler(options, `/${name}/`, kind)
      return [`/${name}/*`, { GET: handler, HEAD: handler }]
    }),
  )
}

function fileHandler(options: OperationRouteOptions, folder: string, kind: FileKind): Handler {
  return (exchange) => {
    let file: DataFile | null = null
    let asked: AskedFile | null = null
    return operationHandler(options, {
      method: 'GET',
      answer: options.gateway.answer,
      // Whatever the client accepts: the path says what there is.
      mediaType: () => 'application/json',
      read: () => exchange.path.slice(folder.length),
      parse(text) {
        const { id, ...form } = (asked = askedFile(text, exchange, kind))
        return {
          parameters: {
            query: kind.document,
            variables: { id },
            operationName: null,
            extensions: null,
          },
          isKnown(data) {
            const answered = fileIn(data)
            if (answered === null) return false
            const known = { tag: tagOf(data, form), modifiedAt: kind.modifiedAt(answered) }
            const isHeld = isFresh(exchange, known)
            file = { ...known, text: isHeld ? null : kind.write(answered, form) }
            return isHeld
          },
        }
      },
      send(_, answered) {
        if (asked !== null && file !== null) {
          exchange.send(fileAnswer(answered, { file, asked }))
        } else if (answered.body.startsWith(NOTHING)) {
          const { status, headers, body } = refusalAnswer([MISSING], 'application/json')
          exchange.send({ status, headers: { ...answered.headers, ...headers }, body })
        } else exchange.send(answered)
      },
    })(exchange)
  }
}

/** What is answered for an id that names nothing which the client may see. */
const NOTHING = '{"data":{"file":null}'
const MISSING = apiError('NOT_FOUND', { message: 'There is no such file.' })

/** What is known of a file before it is written. */
interface FileState {
  readonly tag: string
  readonly modifiedAt: Date
}

interface DataFile extends FileState {
  /** null where the client has it already. */
  readonly text: string | null
}

interface AskedFile {
  readonly id: string
  readonly format: FileFormat
  readonly unit: LengthUnitName
}

/** @throws {ApiError} NOT_FOUND, BAD_REQUEST */
function askedFile(text: string, { request: { url = '' } }: Exchange, kind: FileKind): AskedFile {
  const [, id = '', extension = ''] = /^([A-Za-z0-9_]{1,40})\.([a-z]{1,8})$/.exec(text) ?? []
  const format = kind.formats.find((one) => one === extension)
  if (format === undefined) {
    const message = `There is nothing at this path. Files end in ${kind.formats.map((one) => `.${one}`).join(', ')}.`
    throw apiError('NOT_FOUND', { message })
  }
  const end = url.indexOf('?')
  const unit = new URLSearchParams(end === -1 ? '' : url.slice(end)).get('unit') ?? 'MM'
  if (!isLengthUnit(unit)) throw apiError('BAD_REQUEST', { message: 'unit is MM, CM or INCH.' })
  if (unit !== 'MM' && format !== 'csv') {
    const message = `Lengths in ${format.toUpperCase()} are millimetres; unit is for CSV.`
    throw apiError('BAD_REQUEST', { message })
  }
  return { id, format, unit }
}

function fileIn(data: string): Readonly<Record<string, unknown>> | null {
  // Written by our own pipeline for our own document.
  const { file } = JSON.parse(data) as { readonly file: Readonly<Record<string, unknown>> | null }
  return file
}

/**
 * Whether the client holds this very file.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
function isFresh({ request: { headers } }: Exchange, file: FileState): boolean {
  const { 'if-none-match': tags, 'if-modified-since': since } = headers
  if (tags !== undefined) {
    const known = tags.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
    return known.includes('*') || known.includes(file.tag)
  }
  if (since === undefined) return false
  // A date of HTTP has no fractions of a second.
  return Math.floor(file.modifiedAt.getTime() / 1000) * 1000 <= Date.parse(since)
}

/** From what the file is written from: to write it is the larger part of the work. */
function tagOf(data: string, { format, unit }: WriteOptions): string {
  const made = [WRITING, format, unit, data].join(' ')
  return `"${hash('sha256', made, 'base64url').slice(0, 27)}"`
}

/** Another number for each change of what files look like. */
const WRITING = 1

function fileAnswer(
  answered: Answer,
  { file, asked }: { readonly file: DataFile; readonly asked: AskedFile },
): Answer {
  const headers = {
    ...answered.headers,
    'Content-Type': MEDIA_TYPES[asked.format],
    'Content-Disposition': `inline; filename="${asked.id}.${asked.format}"`,
    // It is asked again each time whether it still is what it was, and whether this client may have it.
    'Cache-Control': 'private, no-cache',
    ETag: file.tag,
    'Last-Modified': file.modifiedAt.toUTCString(),
  }
  if (file.text !== null) return { status: 200, headers, body: file.text }
  const { 'Content-Type': _type, 'Content-Disposition': _disposition, ...kept } = headers
  return { status: 304, headers: kept, body: '' }
}
