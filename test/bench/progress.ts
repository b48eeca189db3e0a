/** Writes one line on standard error, so that standard output holds the results alone. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}
