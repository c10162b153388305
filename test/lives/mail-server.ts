import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { anyFreePort } from '../../dev/ports.ts'
import type { Mail, TestMail } from '../support/mail.ts'

/**
 * A mail server that keeps duplicates: a real one would not hide a second message either. It waits for `taken` before it
 * confirms a message.
 */
export async function openMailServer(beforeConfirm?: () => Promise<void>): Promise<TestMail> {
  const letters = new Map<string, Mail[]>()
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 500,
    onData: (stream, { envelope }, answer) => {
      const receive = async () => {
        const { subject = '', text = '' } = await simpleParser(stream)
        const to = envelope.rcptTo.map(({ address }) => address)
        const mail = { to, text, html: null, subject }
        for (const address of to) letters.set(address, [mail, ...(letters.get(address) ?? [])])
        await beforeConfirm?.()
      }
      void receive().then(() => answer(), answer)
    },
  })
  // If a connection breaks, the sender must retry.
  server.on('error', (error) => console.error(`mail server: ${error.message}`))
  const port = await anyFreePort()
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    to: async (address) => letters.get(address) ?? [],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
