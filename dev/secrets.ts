import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { readIfPresent, replaceFile } from './kept-file.ts'

const BYTES = 32

/** What the stack's pages and its users' tokens are sealed and signed with: its own, and the same after a restart. */
const schema = z.object({ session: z.string(), jwt: z.string() })

export type StackSecrets = z.infer<typeof schema>

/** The developer's, or else those of a file that is ours alone to read; it is made when it is not there. */
export async function openSecrets(path: string, env: NodeJS.ProcessEnv): Promise<StackSecrets> {
  const own = await ownSecrets(path)
  return { session: env['SESSION_SECRET'] || own.session, jwt: env['JWT_SECRET'] || own.jwt }
}

const made = () => randomBytes(BYTES).toString('base64url')

async function ownSecrets(path: string): Promise<StackSecrets> {
  const kept = await readIfPresent(path)
  if (kept !== undefined) return schema.parse(JSON.parse(kept))
  const secrets: StackSecrets = { session: made(), jwt: made() }
  await replaceFile(path, JSON.stringify(secrets))
  return secrets
}
