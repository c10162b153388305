import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import type { ApiEnvironment } from '../environment.ts'
import { sessionClaims, storedSessions } from '../web/stored-session.ts'
import type { PageSetting } from '../web/setting.ts'

/** The longest session, however long the token is valid. */
const SESSION_MAX_HOURS = 12
const HOUR_MS = 3_600_000

const claimsSchema = sessionClaims.extend({
  userId: z.string(),
  email: z.string().nullable(),
  /** The page is shown in a frame of an application. */
  embedded: z.boolean(),
  /** The latest `?locale=` of an address. */
  locale: z.string().nullable(),
  /** Milliseconds since the epoch. */
  until: z.number(),
})
type Claims = z.infer<typeof claimsSchema>

/** The user who signed in, and the caller for whom the page calls the API. */
export type Visitor = Omit<Claims, 'until'> & { readonly caller: Caller }

/** The context of the account’s routes, behind the check of the session. */
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

/** The sessions of users. A session begins with a token, and ends when the token expires or the user signs out. */
export function accountSessions(setting: PageSetting) {
  const { access, clock, callers } = setting
  const embeddable = access.corsOrigins.length > 0
  const stored = storedSessions(setting, {
    kind: 'account',
    claims: claimsSchema,
    clock,
    embeddable,
  })
  const write = (c: Context, claims: Claims) => stored.write(c, claims, new Date(claims.until))

  return {
    read: stored.read,
    begin: async (
      c: Context,
      { userId, email, expiresAt }: VerifiedUser,
      shown: { readonly embedded: boolean; readonly locale: string | null },
    ) => {
      const beganAt = clock.now()
      const longest = beganAt.getTime() + SESSION_MAX_HOURS * HOUR_MS
      const until = Math.min(expiresAt.getTime(), longest)
      const begun = await stored.begin(c, { owner: userId, beganAt, endsAt: new Date(until) })
      await write(c, { ...begun, userId, email, until, ...shown })
    },
    end: (c: Context<AccountEnvironment>) => stored.end(c, c.get('visitor').id),

    /** Lets signed-in users pass; all others get `signedOutPage`. */
    signedIn: (signedOutPage: (c: Context) => Response | Promise<Response>) =>
      createMiddleware<AccountEnvironment>(async (c, next) => {
        const claims = await stored.read(c)
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
