import { CST, Lexer } from 'yaml'

/** A hundred sets of every measurement have some 40 000, with a comment on each line. */
const LEXEMES_MAX = 60_000
/** A list of sets with their measurements is three deep. */
const DEPTH_MAX = 8

/**
 * Why this YAML is not worth parsing; null where it is. Takes time in proportion to the text and stops at the limit. Parsing
 * would take minutes for what is nested deeply or is a key and nested, in texts of a few kilobytes.
 */
export function yamlFence(text: string): string | null {
  let lexemes = 0
  let openFlows = 0
  let dashes = 0
  for (const lexeme of new Lexer().lex(text)) {
    lexemes += 1
    if (lexemes > LEXEMES_MAX) return 'The text has too many parts: send fewer sets at once.'
    const type = CST.tokenType(lexeme)
    if (type === 'explicit-key-ind') return 'Keys are plain words: a question mark is none.'
    if (type === 'flow-seq-start' || type === 'flow-map-start') openFlows += 1
    if (type === 'flow-seq-end' || type === 'flow-map-end') openFlows = Math.max(0, openFlows - 1)
    if (type === 'seq-item-ind') dashes += 1
    // A dash for every level, all on one line.
    if (type === 'newline') dashes = 0
    if (Math.max(openFlows, dashes) > DEPTH_MAX)
      return `The text is nested more than ${DEPTH_MAX} levels deep.`
  }
  return null
}
