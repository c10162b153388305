import { hashOfKey } from '../../adapters/secrets/api-key-secret.ts'
import {
  DEVELOPMENT_KEY_PREFIX,
  type ApiKey,
  type ApiKeyRepository,
} from '../../domain/operator/api-key.ts'
import type { Clock } from '../../domain/clock.ts'

/** A key that is revoked works for at most this long. In return, no request waits for the database to know its caller. */
const CACHE_MS = 5_000
/** More callers than this in five seconds are asked for again. */
const CACHED_KEYS_MAX = 10_000

/** Who presents a key of ours: undefined for a key that is unknown, expired or revoked. */
export type FindApiKey = (key: string) => Promise<ApiKey | undefined>
/** The same for whoever kept the hash of a key and not the key. */
export type FindApiKeyByHash = (hash: string) => Promise<ApiKey | undefined>

/** Lets in who presents a key, unless it is one that everybody knows and those open nothing here. */
export const findApiKey =
  (findByHash: FindApiKeyByHash, given: { readonly developmentKeys: boolean }): FindApiKey =>
  async (presented) =>
    !given.developmentKeys && presented.startsWith(DEVELOPMENT_KEY_PREFIX)
      ? undefined
      : findByHash(hashOfKey(presented))

/** Looks keys up, and keeps what it found for a few seconds. */
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
    // The promise is kept, not its value: all who come while it is on its way share one question.
    const fresh = { key: apiKeys.findByHash(hash, at), until: now + CACHE_MS }
    known.set(hash, fresh)
    const forget = () => {
      if (known.get(hash) === fresh) known.delete(hash)
    }
    try {
      const key = await fresh.key
      if (key === undefined) forget()
      // It must not work longer for being kept here.
      else if (key.expiresAt !== null) fresh.until = Math.min(fresh.until, key.expiresAt.getTime())
      return key
    } catch (cause) {
      forget()
      throw cause
    }
  }
}
