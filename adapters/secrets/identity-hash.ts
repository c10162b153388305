import { createHmac, hash } from 'node:crypto'

/** A hash of an identity; `isStored` ones are written, all are looked up. */
export type IdentityHash = { readonly hash: string; readonly isStored: boolean }

/**
 * The hashes under which an identity is stored and found: one per secret, so that a rotation forgets nothing, and the one
 * without a secret, because a deployment may get its first secret later.
 * @param secrets all valid ones; without any, the plain hash is stored
 */
export function hashesOfIdentity(text: string, secrets: readonly string[]): IdentityHash[] {
  const keyed = secrets.map((secret) => ({
    hash: createHmac('sha256', secret).update(text).digest('hex'),
    isStored: true,
  }))
  return [...keyed, { hash: hash('sha256', text), isStored: secrets.length === 0 }]
}
