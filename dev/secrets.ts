import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { readIfPresent, replaceFile } from './kept-file.ts'

const BYTES = 32

/** The keys that encrypt and sign the stack's pages and user tokens: generated per stack, kept across restarts. */
const schema = z.object({ session: z.string(), jwt: z.string() })

/** The secrets of the session cookie and of the user tokens. */
export type StackSecrets = z.infer<typeof schema>

/** The developer's secrets, or those in a private file, which is created if missing. */
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
