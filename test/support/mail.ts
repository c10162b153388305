import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMailInbox } from '../../dev/mail/inbox.ts'
import { anyFreePort } from '../../dev/ports.ts'
import type { Clock } from '../../domain/clock.ts'

export type Mail = {
  readonly subject: string
  readonly text: string
  readonly html: string | null
  readonly to: string[]
}

export type TestMail = {
  readonly smtpUrl: string
  /** E-mails to this address, the newest first. */
  readonly to: (address: string) => Promise<Mail[]>
  readonly close: () => Promise<void>
}

/** A separate mail server for one test, with the inbox of the embedded stack. */
export async function startMail(clock: Clock): Promise<TestMail> {
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
    to: async (address) => {
      const page = `http://127.0.0.1:${pagePort}/api/messages?to=${encodeURIComponent(address)}`
      return ((await (await fetch(page)).json()) as { messages: Mail[] }).messages
    },
    close: async () => {
      await inbox.stop()
      await rm(directory, { recursive: true })
    },
  }
}
