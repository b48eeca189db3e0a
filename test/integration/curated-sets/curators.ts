import type { TestGateway, TestGatewayOptions } from '../../support/gateway.ts'
import { testWriters, type Writer, type Writers } from '../../support/writers.ts'
import { CREATE, READ } from './documents.ts'

const CURATOR = { kind: 'key', level: 3, role: 'curator' } as const

export interface Curators extends Writers {
  /** Presents a key of level 3. */
  readonly curator: Writer
}

/** A gateway with a curator. */
export async function testCurators(options: TestGatewayOptions = {}): Promise<Curators> {
  const writers = await testWriters(options)
  return { ...writers, curator: await curatorNamed(writers, 'cur') }
}

export function curatorNamed({ writer }: Writers, username: string): Promise<Writer> {
  return writer(username, CURATOR, { role: 'curator' })
}

export const EN = (text: string) => [{ language: 'EN', text }]

/** A draft that the curator has made, as the mutation answers it. */
export async function madeDraft(curator: Writer, input: object = {}): Promise<Answer> {
  return (await answered(curator, CREATE, { names: EN('Doll'), ...input })).curatedSet
}

/** The curated set as the writer sees it; null where it is not seen. */
export async function seenCurated(writer: Writer, id: string): Promise<Answer> {
  return (await writer.act(READ, { id })).data['curatedSet']
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

/** Where the input is refused, in order of the alphabet: paths below the input. */
export async function refusedAt(
  writer: Writer,
  document: string,
  input: object,
): Promise<readonly string[]> {
  const { problems } = await writer.act(document, { input })
  return problems.map(({ path }) => path.replace(/^\w+\.input\./, '')).toSorted()
}

/** Curated sets as they are stored, in the order of their making. */
export function storedCurated({ database }: Pick<TestGateway, 'database'>) {
  return database.kysely.selectFrom('curated_set').selectAll().orderBy('id').execute()
}

/** What the access logs tell of writing: whose log, who, what, of what. */
export function written({ database }: Pick<TestGateway, 'database'>) {
  return database.kysely
    .selectFrom('audit')
    .select(['account_id as owner', 'actor_id as actor', 'action', 'subject', 'reason'])
    .where('action', 'not like', 'read-%')
    .orderBy('id')
    .execute()
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever the document asks for
type Answer = any
