import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import type { ApiEnvironment } from '../environment.ts'
import { sessionCookie } from '../web/cookie.ts'
import type { PageSetting } from '../web/setting.ts'
import { createSeal } from '../web/seal.ts'

/** The longest session, however long the token is valid. */
const SESSION_MAX_HOURS = 12
const HOUR_MS = 3_600_000
const CSRF_BYTES = 24

const claimsSchema = z.object({
  userId: z.string(),
  email: z.string().nullable(),
  csrf: z.string(),
  /** The page is shown in a frame of an application. */
  embedded: z.boolean(),
  /** The latest `?locale=` of an address. */
  locale: z.string().nullable(),
  /** Milliseconds since the epoch. */
  until: z.number(),
})
type Claims = z.infer<typeof claimsSchema>

export type Visitor = Omit<Claims, 'until'> & { readonly caller: Caller }

export type AccountEnvironment = {
  Bindings: ApiEnvironment['Bindings']
  Variables: ApiEnvironment['Variables'] & { visitor: Visitor }
}

type VerifiedUser = {
  readonly userId: string
  readonly email: string | null
  readonly expiresAt: Date
}

export type AccountSessions = ReturnType<typeof accountSessions>

/** The sessions of users. A session begins with a token and ends when the token expires. */
export function accountSessions({ pages, access, clock, secure, callers }: PageSetting) {
  const seal = createSeal<Claims>({
    secrets: pages.sessionSecrets,
    purpose: 'account',
    claims: claimsSchema,
    clock,
  })
  const embeddable = access.corsOrigins.length > 0
  const cookie = sessionCookie({ name: 'perennial_account', secure, embeddable })

  async function write(c: Context, claims: Claims) {
    const seconds = Math.floor((claims.until - clock.now().getTime()) / 1_000)
    cookie.write(c, await seal.close(claims, new Date(claims.until)), Math.max(0, seconds))
  }

  return {
    begin: (
      c: Context,
      { userId, email, expiresAt }: VerifiedUser,
      shown: { readonly embedded: boolean; readonly locale: string | null },
    ) => {
      const longest = clock.now().getTime() + SESSION_MAX_HOURS * HOUR_MS
      const csrf = randomBytes(CSRF_BYTES).toString('base64url')
      const until = Math.min(expiresAt.getTime(), longest)
      return write(c, { userId, email, csrf, until, ...shown })
    },
    end: cookie.clear,

    /** Lets signed-in users pass; all others get `signedOutPage`. */
    signedIn: (signedOutPage: (c: Context) => Response | Promise<Response>) =>
      createMiddleware<AccountEnvironment>(async (c, next) => {
        const sealed = cookie.read(c)
        const claims = sealed === undefined ? undefined : await seal.open(sealed)
        if (claims === undefined) return signedOutPage(c)
        const { userId, email } = claims
        const caller: Caller = { kind: 'user_token', userId, email }
        const { kind, headers, resetsIn } = await callers.spend(caller)
        if (kind === 'over')
          return c.text(`Too many requests. Try again in ${resetsIn} s.`, 429, {
            ...headers,
            'Retry-After': String(resetsIn),
          })
        const locale = c.req.query('locale') ?? claims.locale
        if (locale !== claims.locale) await write(c, { ...claims, locale })
        c.set('visitor', { ...claims, locale, caller })
        return next()
      }),
  }
}
