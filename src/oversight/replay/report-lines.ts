import type { OversightPolicy } from '../policies/oversight-policy.ts'
import type { LimitsReport } from './dry-run-limits.ts'
import type { PolicyReport } from './dry-run-policy.ts'
import type { Span } from './replay-policy.ts'

/** What a policy would have done, for a terminal. */
export function policyLines(
  { name, step, measure, over, above }: OversightPolicy,
  { accounts, hit }: PolicyReport,
  span: Span,
): readonly string[] {
  const times = hit.reduce((sum, { taken }) => sum + taken, 0)
  return [
    `${name}: ${step.toUpperCase()} from ${above} ${measure} within ${over === 'hour' ? 'an' : 'a'} ${over}, ${spanText(span)}`,
    ...hit.map(
      ({ account, taken, prolonged, hours, firstMs }) =>
        `  ${account}  taken ${taken} times, prolonged ${prolonged} times, in force for ${hours} h, first ${minute(firstMs)}`,
    ),
    `  ${hit.length} of ${accounts} accounts, ${times} times`,
  ]
}

/** What other budgets would have done, for a terminal. */
export function limitsLines(
  { operations, unknown, broken, shared }: LimitsReport,
  span: Span,
): readonly string[] {
  const refused = broken.reduce((sum, caller) => sum + caller.refused, 0)
  return [
    `${operations} operations, ${spanText(span)}`,
    ...broken.map(
      ({ account, key, by, first, ...counts }) =>
        `  ${key ?? 'sessions'} of ${account}  ${counts.refused} of ${counts.operations} refused, first ${minute(first.getTime())}: ${byText(by)}`,
    ),
    `  ${broken.length} keys would break, ${refused} operations would be refused`,
    ...(shared.first === null
      ? []
      : [
          `  what everybody shares would refuse ${shared.refused}, first ${minute(shared.first.getTime())}: ${byText(shared.by)}`,
        ]),
    ...(unknown === 0
      ? []
      : [
          `  ${unknown} operations are taken at the prices they had: their documents are not known`,
        ]),
  ]
}

function byText(by: Readonly<Record<string, number>>): string {
  return Object.entries(by)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

function spanText({ fromMs, toMs }: Span): string {
  return `from ${minute(fromMs)} to ${minute(toMs)} UTC`
}

function minute(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}
