import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import { ACCESS, type Scope } from '../auth/access.ts'
import { holds } from '../auth/check-scope.ts'
import type { Principal } from '../auth/principal.ts'
import { fieldDirectives } from './directives.ts'
import { type FieldSource, SOURCE } from './plan/source.ts'
import type { FieldPrice } from './prices.ts'

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
    Measurements: { Input: never; Output: object }
    JSON: { Input: never; Output: unknown }
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
  // A context of its own: scope-auth keeps its verdicts as long as the object it was asked for.
  const verdict = builder.runAuthScopes({ ...principal }, rules)
  if (verdict !== undefined) throw new Error('Scopes are decided without waiting for anything.')
}

function scopesHeld({ standing }: Principal): Record<Scope, boolean> {
  const held = Object.keys(ACCESS).map((scope) => [scope, holds(standing, scope as Scope)])
  return Object.fromEntries(held) as Record<Scope, boolean> // one entry for each key of ACCESS
}
