import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export const storedMail = z.object({
  /** Ours, from the Message-ID, so that a link to a message stays good. */
  id: z.string(),
  message_id: z.string().nullable(),
  received_at: z.iso.datetime(),
  from: z.string(),
  /** Whom the envelope names: also those that the headers leave out. */
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable(),
})
export type StoredMail = z.infer<typeof storedMail>

export type MailStore = {
  /** Keeps a message. The same Message-ID a second time is `repeated` and changes nothing. */
  readonly add: (mail: Omit<StoredMail, 'id'>) => Promise<'stored' | 'repeated'>
  /** Newest first. */
  readonly list: (filter?: { readonly to?: string | undefined }) => readonly StoredMail[]
  readonly find: (id: string) => StoredMail | undefined
  readonly clear: () => Promise<void>
  /** Changes whenever the list does: what an open page compares. */
  readonly revision: () => number
}

/** Messages kept; the oldest make room. Enough for months of time travel, small enough to keep in memory. */
const MESSAGES_MAX = 500

/** The mail of the embedded stack: one JSON file a message in `directory`, so that it survives a restart. */
export async function openMailStore(directory: string): Promise<MailStore> {
  await mkdir(directory, { recursive: true })
  const mails = new Map<string, StoredMail>()
  for (const mail of await readMails(directory)) mails.set(mail.id, mail)
  const state = { revision: 0 }
  const fileOf = (id: string) => join(directory, `${id}.json`)

  async function add(content: Omit<StoredMail, 'id'>): Promise<'stored' | 'repeated'> {
    const id = identify(content)
    if (mails.has(id)) return 'repeated'
    const mail = { id, ...content }
    // Known before it is on disk: the same message arriving twice at once is one message.
    mails.set(id, mail)
    try {
      await writeFile(`${fileOf(id)}.unfinished`, JSON.stringify(mail, null, 2))
      await rename(`${fileOf(id)}.unfinished`, fileOf(id))
    } catch (error) {
      mails.delete(id)
      throw error
    }
    state.revision += 1
    for (const old of [...mails.keys()].slice(0, Math.max(0, mails.size - MESSAGES_MAX))) {
      mails.delete(old)
      await rm(fileOf(old), { force: true })
    }
    return 'stored'
  }

  return {
    add,
    find: (id) => mails.get(id),
    list: ({ to } = {}) =>
      [...mails.values()].filter((mail) => to === undefined || mail.to.includes(to)).toReversed(),
    revision: () => state.revision,
    clear: async () => {
      const files = [...mails.keys()].map(fileOf)
      mails.clear()
      state.revision += 1
      await Promise.all(files.map((file) => rm(file, { force: true })))
    },
  }
}

/** Oldest first, as they arrived. */
async function readMails(directory: string): Promise<StoredMail[]> {
  const names = await readdir(directory)
  const mails = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) =>
        storedMail.parse(JSON.parse(await readFile(join(directory, name), 'utf8'))),
      ),
  )
  return mails.sort((a, b) => a.received_at.localeCompare(b.received_at))
}

function identify(mail: Omit<StoredMail, 'id'>): string {
  // Without a Message-ID two messages are the same only if everything is, the instant included.
  return createHash('sha256')
    .update(mail.message_id ?? JSON.stringify(mail))
    .digest('hex')
    .slice(0, 16)
}
