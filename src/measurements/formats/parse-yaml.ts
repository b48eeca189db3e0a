import { type Document, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { Findings } from './findings.ts'
import { yamlFence } from './yaml-fence.ts'

/**
 * The value of a YAML text: one document of YAML 1.2, without tags of its own. undefined where it is none, or where an object
 * has the same key twice or a key that is no plain word; the findings tell each with its place.
 */
export function parseYaml(text: string, { refuse }: Findings): unknown {
  const fence = yamlFence(text)
  if (fence !== null) {
    refuse(null, undefined, () => fence)
    return undefined
  }
  const lines = new LineCounter()
  // Keys are compared below, in one pass: the parser compares each with each.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  })
  const tooDeep = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  // What else is told where the stack ended depends on how much of it was left.
  const wrong = tooDeep
    ? [{ pos: tooDeep.pos, message: 'This is nested too deeply.' }]
    : [...document.errors, ...document.warnings, ...keyProblems(document)]
  for (const { pos, message } of wrong) {
    const { line, col } = lines.linePos(pos[0])
    refuse(null, undefined, () => `Line ${line}, column ${col}: ${message}`)
  }
  return wrong.length > 0 ? undefined : valueOf(document, refuse)
}

/** An alias may stand for much; few are enough for people, and too few to stand for more than we can hold. */
const ALIASES_MAX = 100

function valueOf(document: Document, refuse: Findings['refuse']): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX })
  } catch {
    // Nothing else is left that it throws for.
    refuse(
      null,
      undefined,
      () => `Aliases name an anchor before them, ${ALIASES_MAX} times at most.`,
    )
    return undefined
  }
}

interface Misplaced {
  readonly pos: readonly [number, ...number[]]
  readonly message: string
}

function keyProblems(document: Document): readonly Misplaced[] {
  const problems: Misplaced[] = []
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>()
      for (const { key } of map.items) {
        const pos = [isNode(key) ? (key.range?.[0] ?? 0) : 0] as const
        const word = isScalar(key) ? String(key.value) : null
        if (word === null) problems.push({ pos, message: 'A key is a plain word.' })
        else if (seen.has(word)) problems.push({ pos, message: 'This key is here twice.' })
        else seen.add(word)
      }
    },
  })
  return problems
}
