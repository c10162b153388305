import { hashOfKey } from '../../adapters/secrets/api-key-secret.ts'
import {
  DEVELOPMENT_KEY_PREFIX,
  type ApiKey,
  type ApiKeyRepository,
} from '../../domain/operator/api-key.ts'
import type { Clock } from '../../domain/clock.ts'

/** A revoked key works for at most this long. In return, most requests need no database query for their key. */
const CACHE_MS = 5_000
/** The cache is emptied when it is full. */
const CACHED_KEYS_MAX = 10_000

/** Finds the API key that a caller sent. Resolves to undefined if it is unknown, expired or revoked. */
export type FindApiKey = (key: string) => Promise<ApiKey | undefined>
/** The same by the hash of the key, for sessions: they store no keys. */
export type FindApiKeyByHash = (hash: string) => Promise<ApiKey | undefined>

/** Finds keys by their text. Refuses the published development keys unless `developmentKeys` is true. */
export const findApiKey =
  (findByHash: FindApiKeyByHash, policy: { readonly developmentKeys: boolean }): FindApiKey =>
  async (presented) =>
    !policy.developmentKeys && presented.startsWith(DEVELOPMENT_KEY_PREFIX)
      ? undefined
      : findByHash(hashOfKey(presented))

/** Finds keys in the database, and caches those that it found for a few seconds. */
export function findApiKeyByHash({
  apiKeys,
  clock,
}: {
  readonly apiKeys: ApiKeyRepository
  readonly clock: Clock
}): FindApiKeyByHash {
  const known = new Map<string, { key: Promise<ApiKey | undefined>; until: number }>()
  return async (hash) => {
    const at = clock.now()
    const now = at.getTime()
    const entry = known.get(hash)
    if (entry !== undefined && now < entry.until) return entry.key
    if (known.size >= CACHED_KEYS_MAX) known.clear()
    // Caching the promise lets concurrent requests share one query.
    const fresh = { key: apiKeys.findByHash(hash, at), until: now + CACHE_MS }
    known.set(hash, fresh)
    const forget = () => {
      if (known.get(hash) === fresh) known.delete(hash)
    }
    try {
      const key = await fresh.key
      if (key === undefined) forget()
      // The cache must not extend the life of a key.
      else if (key.expiresAt !== null) fresh.until = Math.min(fresh.until, key.expiresAt.getTime())
      return key
    } catch (cause) {
      forget()
      throw cause
    }
  }
}
