import { MailError } from './mail-error.ts'
import type { AddressedMessage } from './outbox.ts'

/** A way out for mails. */
export interface MailTransport {
  /**
   * The mail is on its way; answers a note for the operator, without address or text, or null.
   * @throws {MailError} where it is not, or where nobody knows whether it is
   */
  readonly send: (mail: OutgoingMail) => Promise<string | null>
  readonly close: () => void
}

export interface OutgoingMail {
  /** UUID: the same for each attempt. */
  readonly id: string
  readonly message: AddressedMessage
  readonly createdAt: Date
}

/**
 * The message goes to one address, and neither that nor its subject can begin a header of its own.
 * @throws {MailError} refused
 */
export function assertSendable({ to, subject }: AddressedMessage): void {
  if (!ONE_ADDRESS.test(to)) throw new MailError('refused', 'EADDRESS')
  if (/\p{Cc}/u.test(subject)) throw new MailError('refused', 'ESUBJECT')
}

const ONE_ADDRESS = /^[^\p{Cc}\s@<>()[\]\\,;:"]+@[^\p{Cc}\s@<>()[\]\\,;:"]+$/u
