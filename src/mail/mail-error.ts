/** unreachable: the server takes no mail at all now; postponed: not this one now; refused: this one never. */
export type MailErrorKind = 'unreachable' | 'postponed' | 'refused'

/** Why a mail is not on its way. Holds nothing of what the server said: that quotes the address. */
export class MailError extends Error {
  override readonly name = 'MailError'
  readonly kind: MailErrorKind
  /** Codes alone, such as `ECONNECTION` or `EENVELOPE 550`. */
  readonly reason: string

  constructor(kind: MailErrorKind, reason: string) {
    super(`${kind}: ${reason}`)
    this.kind = kind
    this.reason = reason
  }
}
