import { statePath, type StackContext } from '../context.ts'
import { startMailInbox } from '../mail/inbox.ts'

/** The inbox's addresses, and its kind in words for the developer. */
export type MailPart = {
  readonly smtpUrl: string
  readonly pageUrl: string
  readonly detail: string
}

/** Starts the inbox, which receives every letter of the stack and sends none. */
export async function startMail(context: StackContext): Promise<MailPart> {
  const { smtp: smtpPort, mail: pagePort } = context.ports
  const inbox = await startMailInbox({
    directory: statePath(context, 'mail'),
    smtpPort,
    pagePort,
    clock: context.clock,
    onProblem: context.report,
  })
  context.parts.add('mail inbox', inbox)
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    pageUrl: `http://localhost:${pagePort}`,
    detail: 'inbox',
  }
}
