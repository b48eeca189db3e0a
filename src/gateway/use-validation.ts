import type { Plugin } from 'graphql-yoga'

import type { GatewayContext } from './request.ts'
import { validateDocument } from './validate-document.ts'

/** Runs all validation rules, ours and those of the fence, within our bounds and with our codes. */
export function useValidation(): Plugin<GatewayContext> {
  return {
    onValidate({ validateFn, setValidationFn }) {
      setValidationFn((schema, document, rules = []) =>
        validateDocument(validateFn, { schema, document, rules }),
      )
    },
  }
}
