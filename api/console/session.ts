import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'
import type { ApiKey } from '../../domain/operator/api-key.ts'
import type { Caller } from '../auth/caller.ts'
import type { ApiEnvironment } from '../environment.ts'
import { sessionClaims, storedSessions } from '../web/stored-session.ts'
import type { PageSetting } from '../web/setting.ts'

/** A session without requests ends after this time. */
const IDLE_MAX_MINUTES = 30
/** A session in use ends after this time: one working day. */
const SESSION_MAX_MS = 10 * 3_600_000
/** The cookie is renewed when it is older than this, so that not every request writes one. */
const RENEWED_AFTER_MINUTES = 5
const MINUTE_MS = 60_000
const REAL_TIME: Clock = { now: () => new Date() }

const claimsSchema = sessionClaims.extend({
  /** The hash by which the API key is looked up; the key itself is not stored. */
  hash: z.string(),
  /** Milliseconds since the epoch. */
  began: z.number(),
  renewed: z.number(),
})
type Claims = z.infer<typeof claimsSchema>

/** The operator who signed in. */
export type Operator = {
  readonly sessionId: string
  readonly keyId: string
  readonly keyName: string
  readonly csrf: string
  /** The caller of an API request that the operator makes for a user; null for no user. */
  readonly callerFor: (userId: string | null) => Caller
}

/** The context of the console’s routes, behind the check of the session. */
export type ConsoleEnvironment = {
  Bindings: ApiEnvironment['Bindings']
  Variables: ApiEnvironment['Variables'] & { operator: Operator }
}

export type ConsoleSessions = ReturnType<typeof consoleSessions>

/**
 * The sessions of operators. Signing out ends one at once. Revoking a key ends its sessions at the next request, once the
 * key's cache of a few seconds has expired.
 */
export function consoleSessions(setting: PageSetting) {
  const { wallClock, callers } = setting
  const clock = wallClock ?? REAL_TIME
  const stored = storedSessions(setting, { kind: 'console', claims: claimsSchema, clock })

  function write(c: Context, claims: Claims) {
    const renewed = clock.now().getTime()
    const idle = renewed + IDLE_MAX_MINUTES * MINUTE_MS
    const until = new Date(Math.min(idle, claims.began + SESSION_MAX_MS))
    return stored.write(c, { ...claims, renewed }, until)
  }

  return {
    begin: async (c: Context, key: ApiKey, hash: string) => {
      const beganAt = clock.now()
      const began = beganAt.getTime()
      const endsAt = new Date(began + SESSION_MAX_MS)
      const begun = await stored.begin(c, { owner: key.id, beganAt, endsAt })
      await write(c, { ...begun, hash, began, renewed: began })
    },
    end: (c: Context<ConsoleEnvironment>) => stored.end(c, c.get('operator').sessionId),

    /** Lets signed-in operators pass and redirects all others to `signInPath`. */
    signedIn: (signInPath: string) =>
      createMiddleware<ConsoleEnvironment>(async (c, next) => {
        const hadCookie = stored.hasCookie(c)
        const claims = await stored.read(c)
        const key = claims && (await callers.findKeyByHash(claims.hash))
        if (claims === undefined || !key?.scopes.includes('operator')) {
          if (hadCookie) stored.clearCookie(c)
          return c.redirect(signInAddress(c, signInPath, hadCookie), 303)
        }
        const { kind, headers, resetsIn } = await callers.spend(callerOf(key, null))
        if (kind === 'over')
          return c.text(`Too many requests with this key. Try again in ${resetsIn} s.`, 429, {
            ...headers,
            'Retry-After': String(resetsIn),
          })
        c.set('operator', {
          sessionId: claims.id,
          keyId: key.id,
          keyName: key.name,
          csrf: claims.csrf,
          callerFor: (userId) => callerOf(key, userId),
        })
        if (clock.now().getTime() - claims.renewed > RENEWED_AFTER_MINUTES * MINUTE_MS)
          await write(c, claims)
        return next()
      }),
  }
}

/** The sign-in page. It returns to the page that a browser asked for, but never repeats a form. */
function signInAddress(c: Context, signInPath: string, hasEnded: boolean): string {
  const { pathname, search } = new URL(c.req.url)
  const query = new URLSearchParams(hasEnded ? { ended: 'yes' } : {})
  if (c.req.method === 'GET' && pathname !== '/console') query.set('next', pathname + search)
  return query.size === 0 ? signInPath : `${signInPath}?${query}`
}

/** Operators may act for any user, as they could with a key of scope `app`, which they can create. */
const callerOf = (key: ApiKey, userId: string | null): Caller => ({
  kind: 'key',
  keyId: key.id,
  scopes: [...new Set([...key.scopes, 'app' as const])],
  userId,
})
