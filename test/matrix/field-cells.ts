import type { Ask } from './ask.ts'
import type { Community, Principal } from './community.ts'
import {
  type Asked,
  askedFor,
  cellOf,
  metIn,
  printSelections,
  pruned,
  type Selection,
  type Selections,
} from './documents.ts'
import { RULE_OF } from './expected.ts'
import { argumentsFor } from './inputs.ts'
import { lostBy, refusedBy } from './rules.ts'
import { compare, type Tally } from './tally.ts'

export interface FieldCells {
  readonly ask: Ask
  readonly community: Community
  readonly selections: Selections
}

/** Problems that one refusal tells of are a hundred at most, and a document has a thousand tokens at most. */
const FIELDS_PER_DOCUMENT = 80

/**
 * Every field as one principal: asked for together with all others, it is refused or not, each as expected; asked for
 * among what is open alone, it is answered. Mutations that are open are asked for as far as their price.
 */
export async function checkFields(
  matrix: FieldCells,
  principal: Principal,
  tally: Tally,
): Promise<void> {
  const { queries, nodes, mutations } = matrix.selections
  for (const document of [...inDocuments(queries), ...nodes.map((node) => [node])]) {
    await checkQuery(matrix, principal, { document, tally })
  }
  for (const mutation of mutations) {
    await checkMutation(matrix, principal, { document: [mutation], tally })
  }
}

interface Checked {
  readonly document: readonly Asked[]
  readonly tally: Tally
}

async function checkQuery(matrix: FieldCells, principal: Principal, checked: Checked) {
  const { document, tally } = checked
  const closed = await checkRefusal(matrix, principal, { ...checked, operation: 'query' })
  if (closed === null) return
  const open = pruned(document, (coordinate) => !closed.has(coordinate))
  if (open.length === 0) return
  const text = `query ${print(matrix, principal, open)}`
  const { status, data, codes } = await matrix.ask(principal.headers, text)
  const where = `${principal.who.name} is answered`
  if (status !== 200) return void tally.wrong.push(`${where}: ${status} ${codes.join()} to ${text}`)
  compare(tally, where, { expected: askedFor(open).map(cellOf), found: metIn(open, data) })
}

async function checkMutation(matrix: FieldCells, principal: Principal, checked: Checked) {
  const { document, tally } = checked
  const closed = await checkRefusal(matrix, principal, { ...checked, operation: 'mutation' })
  const [mutation] = document
  if (closed === null || mutation === undefined || closed.has(mutation.coordinate)) return
  const open = pruned(document, (coordinate) => !closed.has(coordinate))
  const headers = { ...principal.headers, 'graphql-cost': 'validate' }
  const text = `mutation ${print(matrix, principal, open)}`
  const { status, verdict, codes, body } = await matrix.ask(headers, text)
  if (status === 200 && verdict === 'RUN') return
  tally.wrong.push(
    `${principal.who.name} may ${mutation.name}: ${status} ${codes.join()} ${verdict} ${body}`,
  )
}

/**
 * Asks for everything in the document: what of it is closed is refused, every field by name, and nothing runs. Answers the
 * coordinates that are closed; null where the credential opens nothing at all.
 */
async function checkRefusal(
  matrix: FieldCells,
  principal: Principal,
  { document, tally, operation }: Checked & { readonly operation: 'query' | 'mutation' },
): Promise<ReadonlySet<string> | null> {
  const { who, headers } = principal
  const fields = askedFor(document)
  tally.cells += fields.length
  const lost = lostBy(who)
  const refused = fields.flatMap(({ path, coordinate }) => {
    const rule = RULE_OF.get(coordinate)
    if (rule === undefined) throw new Error(`${coordinate} has no row.`)
    const why = refusedBy(rule, who)
    return why === null ? [] : [{ coordinate, cell: `${path} ${why}` }]
  })
  const closed = new Set(refused.map(({ coordinate }) => coordinate))
  if (lost === null && closed.size === 0) return closed
  const text = `${operation} ${print(matrix, principal, document)}`
  const { codes, problems, data } = await matrix.ask(headers, text)
  const where = `${who.name} is refused in ${operation}`
  if (data !== null) tally.wrong.push(`${where}: answered ${text}`)
  if (lost !== null) {
    compare(tally, where, { expected: [lost], found: codes })
    return null
  }
  compare(tally, where, { expected: refused.map(({ cell }) => cell), found: problems })
  return closed
}

function print(
  { community }: FieldCells,
  principal: Principal,
  selections: readonly Selection[],
): string {
  return printSelections(selections, argumentsFor(community, principal, selections))
}

function inDocuments(roots: readonly Asked[]): readonly (readonly Asked[])[] {
  const documents: Asked[][] = []
  let fields = FIELDS_PER_DOCUMENT
  for (const root of roots) {
    const own = askedFor([root]).length
    fields += own
    if (fields > FIELDS_PER_DOCUMENT) {
      documents.push([])
      fields = own
    }
    documents.at(-1)?.push(root)
  }
  return documents
}
