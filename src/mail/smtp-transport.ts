import { createTransport } from 'nodemailer'
import { isLoopback } from '../loopback.ts'
import { MailError, type MailErrorKind } from './mail-error.ts'
import { assertSendable, type MailTransport } from './transport.ts'

/** For a connection, a greeting, and each answer after that. */
const ANSWER_MS_MAX = 10_000
/** For all of a mail. */
export const SEND_MS_MAX = 20_000

/**
 * Sends over SMTP, each mail over a connection of its own. A server beyond this machine has to speak TLS, with a certificate
 * that holds. The url is that of the configuration.
 */
export function createSmtpTransport(url: string, from: string): MailTransport {
  const { hostname, port, protocol, username, password } = new URL(url)
  const isLocal = isLoopback(hostname)
  const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  const transport = createTransport({
    host: hostname.replaceAll(/[[\]]/g, ''),
    ...(port === '' ? {} : { port: Number(port) }),
    ...(username === '' ? {} : { auth }),
    secure: protocol === 'smtps:',
    requireTLS: !isLocal,
    // Nothing leaves the machine, and certificates of a local server are rarely signed by anybody.
    ignoreTLS: isLocal,
    connectionTimeout: ANSWER_MS_MAX,
    greetingTimeout: ANSWER_MS_MAX,
    socketTimeout: ANSWER_MS_MAX,
    dnsTimeout: ANSWER_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ id, message, createdAt }) {
      assertSendable(message)
      const { to, subject, text } = message
      const mail = {
        from,
        // As an object it is one address, whatever stands in it.
        to: { name: '', address: to },
        subject,
        text,
        date: createdAt,
        // The same for each attempt: what arrives twice is known by it.
        messageId: `<${id}@maat>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.timeout(SEND_MS_MAX),
      }
      await transport.sendMail(mail).catch((error: unknown) => {
        throw mailError(error)
      })
      return null
    },
    close: () => transport.close(),
  }
}

/** Without its cause: the message of that holds what the server said. */
function mailError(error: unknown): MailError {
  const failure = smtpFailure(error)
  const code = /^[A-Z_]{1,40}$/.test(failure.code) ? failure.code : 'EUNKNOWN'
  const answered = failure.responseCode === null ? '' : ` ${failure.responseCode}`
  return new MailError(kindOf(failure), code + answered)
}

interface SmtpFailure {
  /** nodemailer's own, or the system's. */
  readonly code: string
  /** null where the server answered nothing. */
  readonly responseCode: number | null
  readonly response: string
  /** What it was the answer to. */
  readonly command: string
}

function smtpFailure(error: unknown): SmtpFailure {
  // What nodemailer adds to its errors; every member is looked at before it is used.
  const given = (error instanceof Error ? error : {}) as Readonly<Record<string, unknown>>
  return {
    code: textOf(given['code']),
    responseCode: typeof given['responseCode'] === 'number' ? given['responseCode'] : null,
    response: textOf(given['response']),
    command: textOf(given['command']),
  }
}

/** What is about the recipient alone says nothing of the other mails; what is about policy (X.7.X) may be cured. */
function kindOf({ code, responseCode, response, command }: SmtpFailure): MailErrorKind {
  const isAnswered = code === 'EENVELOPE' || code === 'EMESSAGE'
  if (!isAnswered || responseCode === null || responseCode === 421) return 'unreachable'
  const isRefused =
    responseCode >= 500 && command === 'RCPT TO' && !/^5\d\d[ -]5\.7\./.test(response)
  return isRefused ? 'refused' : 'postponed'
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
