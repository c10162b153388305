import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'
import type { ApiKey } from '../../domain/operator/api-key.ts'
import type { Caller } from '../auth/caller.ts'
import type { ApiEnvironment } from '../environment.ts'
import { sessionCookie } from '../web/cookie.ts'
import { createSeal } from '../web/seal.ts'
import type { PageSetting } from '../web/setting.ts'

/** A session without requests ends after this time. */
const IDLE_MAX_MINUTES = 30
/** A session in use ends after this time: one working day. */
const SESSION_MAX_HOURS = 10
/** The cookie is renewed when it is older than this, so that not every request writes one. */
const RENEWED_AFTER_MINUTES = 5
const MINUTE_MS = 60_000
const CSRF_BYTES = 24
const REAL_TIME: Clock = { now: () => new Date() }

const claimsSchema = z.object({
  /** The hash by which the API key is looked up; the key itself is not stored. */
  hash: z.string(),
  csrf: z.string(),
  /** Milliseconds since the epoch. */
  began: z.number(),
  renewed: z.number(),
})
type Claims = z.infer<typeof claimsSchema>

/** The operator who signed in. */
export type Operator = {
  readonly keyId: string
  readonly keyName: string
  readonly csrf: string
  /** The caller of an API request that the operator makes for a user; null for no user. */
  readonly callerFor: (userId: string | null) => Caller
}

export type ConsoleEnvironment = {
  Bindings: ApiEnvironment['Bindings']
  Variables: ApiEnvironment['Variables'] & { operator: Operator }
}

export type ConsoleSessions = ReturnType<typeof consoleSessions>

/** The sessions of operators. Revoking a key ends its sessions at the next request, once the key's cache of a few seconds has expired. */
export function consoleSessions({ pages, wallClock, secure, callers }: PageSetting) {
  const clock = wallClock ?? REAL_TIME
  const seal = createSeal<Claims>({
    secrets: pages.sessionSecrets,
    purpose: 'console',
    claims: claimsSchema,
    clock,
  })
  const cookie = sessionCookie({ name: 'perennial_console', secure })

  async function write(c: Parameters<typeof cookie.write>[0], claims: Claims) {
    const now = clock.now().getTime()
    const idle = now + IDLE_MAX_MINUTES * MINUTE_MS
    const until = Math.min(idle, claims.began + SESSION_MAX_HOURS * 60 * MINUTE_MS)
    const sealed = await seal.close({ ...claims, renewed: now }, new Date(until))
    cookie.write(c, sealed, Math.max(0, Math.floor((until - now) / 1_000)))
  }

  return {
    begin: (c: Parameters<typeof cookie.write>[0], hash: string) => {
      const now = clock.now().getTime()
      const csrf = randomBytes(CSRF_BYTES).toString('base64url')
      return write(c, { hash, csrf, began: now, renewed: now })
    },
    end: cookie.clear,

    /** Lets signed-in operators pass and redirects all others to `signInPath`. */
    signedIn: (signInPath: string) =>
      createMiddleware<ConsoleEnvironment>(async (c, next) => {
        const sealed = cookie.read(c)
        const claims = sealed === undefined ? undefined : await seal.open(sealed)
        const key = claims && (await callers.findKeyByHash(claims.hash))
        if (claims === undefined || !key?.scopes.includes('operator')) {
          if (sealed !== undefined) cookie.clear(c)
          return c.redirect(signInAddress(c, signInPath, sealed !== undefined), 303)
        }
        const { kind, headers, resetsIn } = await callers.spend(callerOf(key, null))
        if (kind === 'over')
          return c.text(`Too many requests with this key. Try again in ${resetsIn} s.`, 429, {
            ...headers,
            'Retry-After': String(resetsIn),
          })
        c.set('operator', {
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
