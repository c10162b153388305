import { simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { Readable } from 'node:stream'
import type { Clock } from '../../domain/clock.ts'
import type { MailStore, StoredMail } from './store.ts'

/** The port to listen on, and the store of the messages; the clock sets the instant of their receipt. */
export type SmtpOptions = {
  readonly port: number
  readonly clock: Clock
  readonly store: MailStore
  readonly onProblem: (problem: string) => void
}

/** Larger than any letter. The server announces it and refuses larger messages. */
const MESSAGE_BYTES_MAX = 5 * 1024 * 1024
/** How long an open connection may delay the shutdown of the stack. */
const CLOSE_TIMEOUT_MS = 500

/** Starts an SMTP server on 127.0.0.1 that accepts every message and forwards none. @throws when the port is in use. */
export async function startSmtp(options: SmtpOptions): Promise<{ close: () => Promise<void> }> {
  const { port, clock, store, onProblem } = options
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MESSAGE_BYTES_MAX,
    closeTimeout: CLOSE_TIMEOUT_MS,
    disableReverseLookup: true,
    onData: (stream, session, answer) => {
      // The message is accepted only once it is on disk.
      receive(stream, session, clock)
        .then((mail) => store.add(mail))
        .then(
          () => answer(),
          (error: unknown) => answer(error instanceof Error ? error : new Error(String(error))),
        )
    },
  })
  // After a broken connection the sender tries again.
  server.on('error', (error) => onProblem(`mail inbox: ${error.message}`))
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { close: () => new Promise((resolve) => server.close(() => resolve())) }
}

async function receive(
  stream: Readable,
  session: SMTPServerSession,
  clock: Clock,
): Promise<Omit<StoredMail, 'id'>> {
  const parsed = await simpleParser(stream, { skipTextLinks: true, skipTextToHtml: true })
  return {
    message_id: parsed.messageId ?? null,
    received_at: clock.now().toISOString(),
    from: parsed.from?.text ?? '',
    to: session.envelope.rcptTo.map(({ address }) => address),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html === false ? null : (parsed.html ?? null),
  }
}
