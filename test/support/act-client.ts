import { UNKNOWN_CALLER } from '../../src/auth/act.ts'
import { ANONYMOUS_PRINCIPAL, type Principal } from '../../src/auth/principal.ts'
import { answerMailRequests } from '../../src/auth/sign-in/answer-mail-requests.ts'
import type { GatewayRequest } from '../../src/gateway/request.ts'
import { place } from '../../src/vault/sealed-rows.ts'
import type { TestGateway } from './gateway.ts'

/** What a mutation has answered, by response name. */
export interface Acted {
  readonly status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the document asks for
  readonly data: Record<string, any>
  readonly problems: readonly {
    readonly path: string
    readonly code: string
    readonly message: string
  }[]
  readonly codes: readonly string[]
  readonly cookies: unknown
}

/** Asks the gateway's pipeline in process, as whoever this is. */
export async function ask(
  { gateway }: Pick<TestGateway, 'gateway'>,
  document: string,
  {
    principal = ANONYMOUS_PRINCIPAL,
    variables = {},
    caller = {},
  }: {
    readonly principal?: Principal
    readonly variables?: object
    readonly caller?: Partial<NonNullable<GatewayRequest['caller']>>
  } = {},
): Promise<Acted> {
  const answered = await gateway.answer({
    method: 'POST',
    parameters: {
      query: document,
      variables: { ...variables },
      operationName: null,
      extensions: null,
    },
    principal,
    address: '192.0.2.1',
    caller: { ...UNKNOWN_CALLER, address: '192.0.2.1', userAgent: 'test', ...caller },
    costMode: 'totals',
    mediaType: 'application/graphql-response+json',
    requestId: 'test',
  })
  const { data, errors = [] } = JSON.parse(answered.body) as {
    readonly data?: Acted['data'] | null
    readonly errors?: readonly { readonly extensions: Refusal }[]
  }
  return {
    status: answered.status,
    data: data ?? {},
    problems: errors.flatMap(({ extensions }) => extensions.problems ?? []),
    codes: errors.map(({ extensions }) => extensions.code),
    cookies: answered.cookies,
  }
}

interface Refusal {
  readonly code: string
  readonly problems?: Acted['problems']
}

export interface TestMail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Every mail that is in the outbox once what was asked for by address is answered, earliest first. */
export async function outbox({ acts }: Pick<TestGateway, 'acts'>): Promise<readonly TestMail[]> {
  await answerMailRequests(acts)
  const mails = await acts.database.kysely
    .selectFrom('mail')
    .select(['id', 'account_id', 'label'])
    .orderBy('id')
    .execute()
  return mails.map(({ id, account_id: owner, label }) =>
    JSON.parse(acts.vault.open(label, place('mail', 'label', { row: id, owner }))),
  )
}

/** The token in the latest mail to this address. */
export async function mailedToken(gateway: Pick<TestGateway, 'acts'>, to: string): Promise<string> {
  const mail = (await outbox(gateway)).findLast((each) => each.to === to)
  const [token] = /maat_lk_[\w-]{43}/.exec(mail?.text ?? '') ?? []
  if (token === undefined) throw new Error(`No link was mailed to ${to}.`)
  return token
}
