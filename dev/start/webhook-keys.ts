import { randomBytes } from 'node:crypto'
import { KEY_BYTES } from '../../adapters/secrets/sealing.ts'
import { statePath, type StackContext } from '../context.ts'
import { readIfPresent, replaceFile } from '../kept-file.ts'

/** What seals the signing secrets of webhooks: the same at each start, or what was sealed before could not be read. */
export async function webhookSecretKeys(context: StackContext): Promise<string> {
  const file = statePath(context, 'webhook-secret-key')
  const kept = await readIfPresent(file)
  if (kept !== undefined) return kept
  const made = `stack=${randomBytes(KEY_BYTES).toString('base64')}`
  await replaceFile(file, made)
  return made
}
