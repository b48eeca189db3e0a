/** malformed: not sealed text; unknown-key: sealed under a key that the key file lacks; altered: changed or moved. */
export type VaultProblem = 'malformed' | 'unknown-key' | 'altered'

/** A sealed value that does not open. Names the place and the problem; holds neither sealed nor plain text, nor a cause. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
  readonly problem: VaultProblem
  readonly place: string

  constructor(problem: VaultProblem, place: string) {
    super(`The sealed value at ${place} does not open: ${problem}.`)
    this.problem = problem
    this.place = place
  }
}
