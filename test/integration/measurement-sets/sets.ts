import type { TestGateway } from '../../support/gateway.ts'
import type { Writer } from '../../support/writers.ts'
import { CREATE, READ } from './documents.ts'

/** A set that the writer has made, as the mutation answers it. */
export async function madeSet(writer: Writer, input: object = {}): Promise<Answer> {
  return (await answered(writer, CREATE, { name: 'Ada', ...input })).measurementSet
}

/** The set as the writer sees it; null where it is not seen. */
export async function seenSet(writer: Writer, id: string): Promise<Answer> {
  return (await writer.act(READ, { id })).data['measurementSet']
}

/** What the one mutation of the document has answered to this input. */
export async function answered(
  writer: Writer,
  document: string,
  input: object,
  idempotencyKey?: string,
): Promise<Answer> {
  const { data } = await writer.act(document, { input }, idempotencyKey)
  return Object.values(data)[0]
}

/** Where and why the input is refused: paths below the input. */
export async function refusals(
  writer: Writer,
  document: string,
  input: object,
): Promise<readonly (readonly [path: string, message: string])[]> {
  const { problems } = await writer.act(document, { input })
  return problems.map(({ path, message }) => [path.replace(/^\w+\.input\./, ''), message])
}

/** Sets as they are stored, in the order of their making. */
export async function storedSets({ database }: Pick<TestGateway, 'database'>) {
  return database.kysely.selectFrom('measurement_set').selectAll().orderBy('id').execute()
}

/** What the access logs tell of writing: whose log, who, what, of which set. */
export async function written({ database }: Pick<TestGateway, 'database'>) {
  return database.kysely
    .selectFrom('audit')
    .select(['account_id as owner', 'actor_id as actor', 'action', 'subject'])
    .where('action', 'not like', 'read-%')
    .orderBy('id')
    .execute()
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever the document asks for
type Answer = any
