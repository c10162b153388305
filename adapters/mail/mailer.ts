import { createHash } from 'node:crypto'
import { createTransport } from 'nodemailer'

/** A mail server answers within seconds. After a timeout the letter stays due and is retried. */
const TIMEOUT_MS = 5_000
/** Mail servers accept few simultaneous connections from one sender. */
export const CONNECTIONS_MAX = 5

/** An e-mail, as HTML and as text. */
export type Message = {
  /** Identifies the message: the same key gives the same Message-ID, so a receiver can recognise a repeat. */
  readonly key: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Sends e-mails over SMTP. */
export type Mailer = {
  /** Resolves when the mail server has accepted the message. Running it twice sends it twice, with one Message-ID. */
  readonly send: (message: Message) => Promise<void>
  /** Resolves when the mail server answers and accepts our credentials. @throws when it does not */
  readonly ping: () => Promise<void>
  readonly close: () => void
}

/** `smtpUrl` with credentials, if the server needs them; `from` is the sender, such as `Shop <billing@example.com>`. */
export type MailerOptions = { readonly smtpUrl: string; readonly from: string }

/** Creates a mailer. It connects at the first message. */
export function createMailer({ smtpUrl, from }: MailerOptions): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  })
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost'
  return {
    async send({ key, ...message }) {
      const id = createHash('sha256').update(key).digest('hex').slice(0, 32)
      await transport.sendMail({ ...message, from, messageId: `<${id}@${domain}>` })
    },
    ping: async () => {
      await transport.verify()
    },
    close: () => transport.close(),
  }
}
