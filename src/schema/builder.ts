import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core'
import ScopeAuthPlugin, { RequestCache } from '@pothos/plugin-scope-auth'
import { ACCESS, type Scope } from '../auth/access.ts'
import { holds } from '../auth/check-scope.ts'
import { type Principal, standingKey } from '../auth/principal.ts'
import { fieldDirectives } from './directives.ts'
import { type FieldSource, SOURCE } from './plan/source.ts'
import { type FieldPrice, PRICE } from './prices.ts'

/** What every field of the schema says beside its type. */
export interface PlannedFieldOptions {
  /** Who may ask for it: one scope of the access matrix. Rule and `@access` are made from it. */
  readonly scope: Scope
  /** Where its value comes from; absent for the shape of a connection and for members of objects the gateway holds. */
  readonly source?: FieldSource
  readonly price?: FieldPrice
  /** Most items that a plain list holds. */
  readonly atMost?: number
}

declare global {
  export namespace PothosSchemaTypes {
    export interface InferredFieldOptions<
      // Pothos' own declaration, letter by letter: an interface is only extended under the same parameters.
      Types extends SchemaTypes,
      ResolveShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveReturnShape = unknown,
    > {
      Planned: PlannedFieldOptions
    }
    export interface Plugins<Types extends SchemaTypes> {
      rules: RulesPlugin<Types>
    }
  }
}

/** Makes the scope-auth rule, the directives and the planner's source of a field out of its options. */
class RulesPlugin<T extends SchemaTypes> extends BasePlugin<T> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<T>): PothosOutputFieldConfig<T> {
    // Pothos types the options of a field by the kind of its parent; ours are the same for all of them.
    const options = config.pothosOptions as unknown as PlannedFieldOptions
    const { scope, source, price, atMost } = options
    Object.assign(config.pothosOptions, { authScopes: { [scope]: true } })
    return {
      ...config,
      extensions: {
        ...config.extensions,
        directives: fieldDirectives(scope, ACCESS[scope], { price, atMost }),
        [SOURCE]: source,
        [PRICE]: price,
      },
    }
  }
}
SchemaBuilder.registerPlugin('rules', RulesPlugin)

interface Types {
  Context: Principal
  AuthScopes: Record<Scope, boolean>
  DefaultAuthStrategy: 'all'
  DefaultFieldNullability: false
  InferredFieldOptionsKind: 'Planned'
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: string }
    Measurements: { Input: object; Output: object }
    JSON: { Input: unknown; Output: unknown }
  }
}

export const builder = new SchemaBuilder<Types>({
  // The last plugin sees a field first: scope-auth then finds the rule that ours has made.
  plugins: [ScopeAuthPlugin, 'rules'],
  defaultFieldNullability: false,
  scopeAuth: {
    defaultStrategy: 'all',
    runScopesOnType: true,
    authorizeOnSubscribe: true,
    treatErrorsAsUnauthorized: true,
    authScopes: scopesHeld,
  },
})

/** A scope-auth rule that asks for all of these scopes. */
export function scopeRules(scopes: readonly Scope[]): ScopeRules {
  return Object.fromEntries(scopes.map((scope) => [scope, true]))
}

export type ScopeRules = { readonly [scope in Scope]?: true }

/**
 * Has scope-auth itself evaluate the rules of an operation for the principal of one request, before its statement runs.
 * @throws when one is not held: access was decided before, so this is a defect and never a client's mistake
 */
export function confirmScopes(principal: Principal, rules: ScopeRules): void {
  // One cache of verdicts for each request, and gone with it. scope-auth's own way there goes through a map of contexts,
  // which costs eight times as much as the evaluation.
  const failure = new RequestCache(builder, principal).evaluateScopeMap(rules)
  if (failure !== null) throw new Error('A plan ran for a principal that does not hold its scopes.')
}

const held = new Map<string, Record<Scope, boolean>>()

/** Which scopes a standing holds; there are few standings, and each is looked up for every request. */
function scopesHeld({ standing }: Principal): Record<Scope, boolean> {
  const key = standingKey(standing)
  const known = held.get(key)
  if (known !== undefined) return known
  const entries = Object.keys(ACCESS).map((scope) => [scope, holds(standing, scope as Scope)])
  const scopes = Object.fromEntries(entries) as Record<Scope, boolean> // one entry for each key of ACCESS
  held.set(key, scopes)
  return scopes
}
