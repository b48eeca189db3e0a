/** Whether the database takes a text as it is: U+0000 it does not, and of a lone surrogate something else would come back. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
