import { randomBytes } from 'node:crypto'
import { KEY_BYTES } from '../../adapters/secrets/sealing.ts'
import { statePath, type StackContext } from '../context.ts'
import { readIfPresent, replaceFile } from '../kept-file.ts'

/** The key that encrypts webhook signing secrets. It is kept across starts, because stored secrets need the same key. */
export async function webhookSecretKeys(context: StackContext): Promise<string> {
  const file = statePath(context, 'webhook-secret-key')
  const kept = await readIfPresent(file)
  if (kept !== undefined) return kept
  const made = `stack=${randomBytes(KEY_BYTES).toString('base64')}`
  await replaceFile(file, made)
  return made
}
