import {
  Kind,
  type DocumentNode,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql'

import type { CostProgram } from '../cost/compile-operation.ts'
import type { ApiError } from '../errors.ts'
import type { Operation } from '../schema/plan/operation.ts'

/** What is known of a document once it was parsed and validated: it may run, or why it may not. */
export type KnownDocument = AcceptedDocument | RefusedDocument

export interface AcceptedDocument {
  readonly kind: 'accepted'
  readonly document: DocumentNode
  readonly operations: readonly OperationHead[]
  /** The operations compiled so far, by name; '' where there is none. */
  readonly compiled: Map<string, CompiledOperation>
}

export interface CompiledOperation {
  /** The document that holds it. */
  readonly document: DocumentNode
  readonly node: OperationDefinitionNode
  readonly operation: Operation
  /** What it costs, by its variables. */
  readonly price: CostProgram
  /** Name of the operation, and its document's SHA-256 in base64url; null until somebody has asked. */
  label: { readonly name: string; readonly document: string } | null
  /** Until when, in milliseconds since 1970, it is known what it pays for. */
  notedUntilMs: number
}

export interface RefusedDocument {
  readonly kind: 'refused'
  readonly errors: readonly ApiError[]
  /** null where the text did not parse. */
  readonly operations: readonly OperationHead[] | null
}

export interface OperationHead {
  readonly kind: OperationTypeNode
  /** '' where there is none. */
  readonly name: string
}

export function operationHeads(document: DocumentNode): OperationHead[] {
  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ operation, name }) => ({ kind: operation, name: name?.value ?? '' }))
}

/**
 * Verdicts on documents by their text, the least recently used forgotten first. A verdict depends on the text alone, so
 * everybody shares it.
 */
export type KnownDocuments = DocumentVerdicts

export function createKnownDocuments(bytesMax: number): KnownDocuments {
  return new DocumentVerdicts(bytesMax)
}

class DocumentVerdicts {
  readonly #byText = new Map<string, Entry>()
  readonly #byDocument = new WeakMap<DocumentNode, Entry>()
  readonly #bytesMax: number
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** Memory that the verdicts are accounted with; never above the bound. */
  get bytes(): number {
    return this.#bytes
  }

  get(text: string): KnownDocument | undefined {
    const entry = this.#byText.get(text)
    if (entry === undefined) return undefined
    this.#byText.delete(text)
    this.#byText.set(text, entry)
    return entry.known
  }

  /** The verdict that this parsed document came from. */
  accepted(document: DocumentNode): AcceptedDocument | undefined {
    const known = this.#byDocument.get(document)?.known
    return known?.kind === 'accepted' ? known : undefined
  }

  remember(text: string, known: KnownDocument): void {
    this.#forget(text)
    const bytes = bytesOf(text, known)
    const entry = { text, known, bytes }
    if (known.kind === 'accepted') this.#byDocument.set(known.document, entry)
    this.#byText.set(text, entry)
    this.#grow(bytes)
  }

  /** Accounts for memory that is kept with an accepted document from now on. */
  addBytes(document: DocumentNode, bytes: number): void {
    const entry = this.#byDocument.get(document)
    // One that was forgotten lives as long as the request that still runs it.
    if (entry === undefined || this.#byText.get(entry.text) !== entry) return
    entry.bytes += bytes
    this.#grow(bytes)
  }

  #grow(bytes: number): void {
    this.#bytes += bytes
    for (const oldest of this.#byText.keys()) {
      if (this.#bytes <= this.#bytesMax) return
      this.#forget(oldest)
    }
  }

  #forget(text: string): void {
    this.#bytes -= this.#byText.get(text)?.bytes ?? 0
    this.#byText.delete(text)
  }
}

interface Entry {
  readonly text: string
  readonly known: KnownDocument
  bytes: number
}

function bytesOf(text: string, known: KnownDocument): number {
  const bytes = OVERHEAD_BYTES + text.length * BYTES_PER_CHARACTER[known.kind]
  return known.kind === 'refused' ? bytes + known.errors.length * ERROR_BYTES : bytes
}

// Measured over documents of 30 to 16 000 characters: 70 to 150 bytes of syntax tree for a character.
const OVERHEAD_BYTES = 4_096
const BYTES_PER_CHARACTER = { accepted: 160, refused: 6 } as const
/** Measured: 1 200 to 1 700 bytes, of which its message is the part that varies. */
const ERROR_BYTES = 2_048
