import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** One message as its file holds it; `received_at` is ISO 8601, a missing part is null. */
export const storedMail = z.object({
  /** Derived from the Message-ID, so that a link to a message stays valid. */
  id: z.string(),
  message_id: z.string().nullable(),
  received_at: z.iso.datetime(),
  from: z.string(),
  /** The recipients of the envelope, including those that the headers leave out. */
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable(),
})
/** A message of the inbox. */
export type StoredMail = z.infer<typeof storedMail>

/** The messages of the inbox, at most `MESSAGES_MAX`. A message is on disk when `add` resolves. */
export type MailStore = {
  /** Stores a message. A second message with the same Message-ID is `repeated` and changes nothing. */
  readonly add: (mail: Omit<StoredMail, 'id'>) => Promise<'stored' | 'repeated'>
  /** Newest first. */
  readonly list: (filter?: { readonly to?: string | undefined }) => readonly StoredMail[]
  readonly find: (id: string) => StoredMail | undefined
  readonly clear: () => Promise<void>
  /** Changes with the list, so that an open page knows when to reload. */
  readonly revision: () => number
}

/** The most messages stored; older ones are deleted. Enough for months of time travel, and few enough for memory. */
const MESSAGES_MAX = 500

/** Opens the mail of the embedded stack: one JSON file per message in `directory`, so that it survives a restart. */
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
    // Listed before it is on disk, so that the same message arriving twice at the same time is stored once.
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

/** @returns the messages in the order of their arrival. */
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
  // Without a Message-ID, two messages are the same only if all fields are equal.
  return createHash('sha256')
    .update(mail.message_id ?? JSON.stringify(mail))
    .digest('hex')
    .slice(0, 16)
}
