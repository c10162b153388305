import type { Clock } from '../../domain/clock.ts'
import { serveHttp } from '../serve-http.ts'
import { createMailApp } from './app.ts'
import { startSmtp } from './smtp.ts'
import { openMailStore } from './store.ts'

/** Where the inbox stores messages and listens; `onProblem` receives a line for each message that fails. */
export type MailInboxOptions = {
  readonly directory: string
  readonly smtpPort: number
  readonly pagePort: number
  readonly clock: Clock
  readonly onProblem: (problem: string) => void
}

/** Starts the mail inbox: an SMTP server that stores each message, and a page that shows them. */
export async function startMailInbox(options: MailInboxOptions) {
  const store = await openMailStore(options.directory)
  const smtp = await startSmtp({
    port: options.smtpPort,
    clock: options.clock,
    store,
    onProblem: options.onProblem,
  })
  const page = await serveHttp(createMailApp(store), options.pagePort)
  return {
    stop: async () => {
      await Promise.all([smtp.close(), page.close()])
    },
  }
}
