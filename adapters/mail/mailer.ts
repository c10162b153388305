import { createHash } from 'node:crypto'
import { createTransport } from 'nodemailer'

/** A mail server answers in seconds; the notice stays pending and is tried again. */
const TIMEOUT_MS = 5_000
/** What a mail server takes from one sender at once; who wants to send more waits for one of these. */
export const CONNECTIONS_MAX = 5

export type Message = {
  /** Names the message: the same key yields the same Message-ID, so that a receiver recognises a repeat. */
  readonly key: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export type Mailer = {
  /** Resolves when the mail server took the message. Running it twice sends one Message-ID twice. */
  readonly send: (message: Message) => Promise<void>
  /** Resolves when the mail server answers and takes our name and password; rejects otherwise. */
  readonly ping: () => Promise<void>
  readonly close: () => void
}

export type MailerOptions = { readonly smtpUrl: string; readonly from: string }

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
