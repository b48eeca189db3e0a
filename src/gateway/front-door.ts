import type { GraphQLSchema } from 'graphql'
import type { YogaServerInstance } from 'graphql-yoga'

import { admitDocument } from './admit-document.ts'
import { refusalAnswer, resultAnswer } from './answer.ts'
import { refusalsOf, type FailureLog } from './failure.ts'
import type { KnownDocuments } from './known-documents.ts'
import type { GatewayContext, Door } from './request.ts'
import { printResult, type TextResult } from './text-result.ts'

export interface FrontDoorOptions {
  readonly schema: GraphQLSchema
  readonly getEnveloped: YogaServerInstance<GatewayContext, object>['getEnveloped']
  readonly documents: KnownDocuments
  readonly log: FailureLog
}

/**
 * Runs Yoga's enveloped pipeline without its HTTP: the hooks onParse, onValidate, onContextBuilding and onExecute, and no
 * others. A known document goes straight to its execution. Never rejects.
 */
export function createFrontDoor(options: FrontDoorOptions): Door {
  return async (context) => {
    const { mediaType, requestId } = context
    try {
      const result = await runPipeline(options, context)
      return resultAnswer(printResult(result), mediaType)
    } catch (error) {
      return refusalAnswer(refusalsOf(error, options.log, requestId), mediaType)
    }
  }
}

async function runPipeline(
  { schema, getEnveloped, documents }: FrontDoorOptions,
  context: GatewayContext,
): Promise<TextResult> {
  const { parameters } = context
  const enveloped = getEnveloped(context)
  const known = documents.get(parameters.query)
  const document =
    known === undefined ? enveloped.parse(parameters.query) : admitDocument(known, context)
  // Throws what it finds: a document that comes out of it is valid.
  if (known === undefined) enveloped.validate(schema, document)
  const contextValue = await enveloped.contextFactory()
  const { variables: variableValues, operationName } = parameters
  // The executor is the last hook that sets an execute function, and gives text.
  return (await enveloped.execute({
    schema,
    document,
    contextValue,
    variableValues,
    operationName,
  })) as TextResult
}
