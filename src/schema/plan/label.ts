/**
 * Under which label objects are counted: their response path, without list positions. Where an id decides the type, the
 * objects of each type have a label of their own, and everything below them continues it: `nodes@Pattern.owner`.
 */
export function labelOfType(path: string, type: string): string {
  return `${path}@${type}`
}

/** The response path that a label stands for: the same for all types. */
export function pathOfLabel(label: string): string {
  return label.replaceAll(/@\w+/g, '')
}
