import { createHash } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import { USER_ID_MAX_CHARACTERS } from '../../domain/ids.ts'
import type { Clock } from '../../domain/clock.ts'
import type { ApiKey, ApiKeyRepository } from '../../domain/repositories.ts'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'

/** A key that is revoked works for at most this long. In return, no request waits for the database to know its caller. */
const CACHE_MS = 5_000
/** More callers than this in five seconds are asked for again. */
const CACHED_KEYS_MAX = 10_000

/** Who presents a key of ours: undefined for a key that is unknown or revoked. */
export type FindApiKey = (key: string) => Promise<ApiKey | undefined>

/** The key of a header `Authorization: Bearer <key>`. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]

/** Whether a user can have this id. */
export const isUserId = (id: string) => id.length > 0 && id.length <= USER_ID_MAX_CHARACTERS

/**
 * Lets in who presents a key of ours. Keys are compared by hash and looked up as a whole, so an answer's time tells
 * nothing of how much of a guess was right.
 */
export const authenticate = (find: FindApiKey) =>
  createMiddleware<ApiEnvironment>(async (c, next) => {
    const key = bearerOf(c.req.header('authorization'))
    if (key === undefined)
      return problem(c, 'unauthenticated', 'Send an API key as `Authorization: Bearer <key>`.')
    const known = await find(key)
    if (known === undefined)
      return problem(c, 'unauthenticated', 'This API key is unknown or was revoked.')
    const userId = c.req.header('x-user-id') ?? null
    if (userId !== null && !isUserId(userId))
      return problem(c, 'invalid_request', 'The header X-User-Id is not valid.', {
        errors: [{ field: 'X-User-Id', detail: `1 to ${USER_ID_MAX_CHARACTERS} characters` }],
      })
    c.set('caller', { keyId: known.id, scopes: known.scopes, userId })
    return next()
  })

/** Looks keys up, and keeps what it found for a few seconds. */
export function findApiKey(apiKeys: ApiKeyRepository, clock: Clock): FindApiKey {
  const known = new Map<string, { key: Promise<ApiKey | undefined>; until: number }>()
  return async (presented) => {
    const hash = createHash('sha256').update(presented).digest('hex')
    const now = clock.now().getTime()
    const entry = known.get(hash)
    if (entry !== undefined && now < entry.until) return entry.key
    if (known.size >= CACHED_KEYS_MAX) known.clear()
    // The promise is kept, not its value: all who come while it is on its way share one question.
    const fresh = { key: apiKeys.findByHash(hash), until: now + CACHE_MS }
    known.set(hash, fresh)
    const forget = () => {
      if (known.get(hash) === fresh) known.delete(hash)
    }
    try {
      const key = await fresh.key
      if (key === undefined) forget()
      return key
    } catch (cause) {
      forget()
      throw cause
    }
  }
}
