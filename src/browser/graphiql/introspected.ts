import { buildSchema, type IntrospectionQuery, introspectionFromSchema } from 'graphql'
import text from '../../../schema.graphql?raw'

/**
 * The schema of the release that the page belongs to. The page comes with it, compressed and kept by the browser: to ask the
 * gateway costs as much as the largest answer, on every load, and a refused caller would see no documentation.
 */
export function introspected(): IntrospectionQuery {
  known ??= introspectionFromSchema(buildSchema(text))
  return known
}

let known: IntrospectionQuery | null = null
