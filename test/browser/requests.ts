import type { Page, Request } from 'playwright-core'

/** Whether it asks for a price and nothing else. */
export function isPriceQuestion(request: Request): boolean {
  return request.headers()['graphql-cost'] === 'validate'
}

/** Whether it has an operation executed. */
export function isRun(request: Request): boolean {
  return request.method() === 'POST' && !isPriceQuestion(request)
}

/** Requests of this kind, from now on. */
export function record(page: Page, isMeant: (request: Request) => boolean): readonly Request[] {
  const requests: Request[] = []
  page.on('request', (request) => {
    if (isMeant(request)) requests.push(request)
  })
  return requests
}

/** The question for a price that holds this text and is answered once this act is done, and what the answer says. */
export async function pricing(page: Page, text: string, act: () => Promise<void>) {
  const [response] = await Promise.all([
    page.waitForResponse((answered) => {
      const request = answered.request()
      return isPriceQuestion(request) && (request.postData() ?? '').includes(text)
    }),
    act(),
  ])
  const answer = await response.json()
  return { request: response.request(), cost: costIn(answer), refusal: answer.extensions.refusal }
}

export function documentIn(request: Request): string {
  return request.postDataJSON().query
}

interface ToldCost {
  readonly estimated: number | null
  readonly actual: number
  readonly remaining: number | null
  readonly verdict?: string
}

export function costIn(answer: { readonly extensions: { readonly cost: ToldCost } }): ToldCost {
  return answer.extensions.cost
}
