import type { TestGateway } from '../../support/gateway.ts'
import type { Writer } from '../../support/writers.ts'
import { answered } from '../measurement-sets/sets.ts'
import { CREATE, READ } from './documents.ts'

/** A pattern that the writer has made, as the mutation answers it. */
export async function madePattern(writer: Writer, input: object = {}): Promise<Answer> {
  const { pattern } = await answered(writer, CREATE, { design: 'aaron', name: 'A shirt', ...input })
  return pattern
}

/** The pattern as the writer sees it; null where it is not seen. */
export async function seenPattern(writer: Writer, id: string): Promise<Answer> {
  return (await writer.act(READ, { id })).data['pattern']
}

/** Patterns as they are stored, in the order of their making. */
export async function storedPatterns({ database }: Pick<TestGateway, 'database'>) {
  return database.kysely.selectFrom('pattern').selectAll().orderBy('id').execute()
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever the document asks for
type Answer = any
