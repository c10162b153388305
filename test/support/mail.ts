import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMailInbox } from '../../dev/mail/inbox.ts'
import { anyFreePort } from '../../dev/ports.ts'
import type { Clock } from '../../domain/clock.ts'

/** A mail server of a test's own, and the page on which its messages are. */
export async function startMail(clock: Clock) {
  const directory = await mkdtemp(join(tmpdir(), 'perennial-mail-'))
  const [smtpPort, pagePort] = [await anyFreePort(), await anyFreePort()]
  const inbox = await startMailInbox({
    directory,
    smtpPort,
    pagePort,
    clock,
    onProblem: (problem) => console.error(problem),
  })
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    pageUrl: `http://127.0.0.1:${pagePort}`,
    close: async () => {
      await inbox.stop()
      await rm(directory, { recursive: true })
    },
  }
}
