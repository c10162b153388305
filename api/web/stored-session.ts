import { randomBytes, randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'
import type { SessionKind } from '../../domain/operator/page-session.ts'
import { sessionCookie } from './cookie.ts'
import { createSeal } from './seal.ts'
import type { PageSetting } from './setting.ts'

const CSRF_BYTES = 24

/** The cookie of each session holds these. */
export const sessionClaims = z.object({
  /** The session's row: without it the cookie is worthless. */
  id: z.string(),
  csrf: z.string(),
})

type Kind<Claims> = {
  readonly kind: SessionKind
  readonly claims: z.ZodType<Claims>
  readonly clock: Clock
  readonly embeddable?: boolean
}

type Beginning = { readonly owner: string; readonly beganAt: Date; readonly endsAt: Date }

/** The sessions of one page: an encrypted cookie each, which is valid as long as its row exists. */
export function storedSessions<Claims extends z.infer<typeof sessionClaims>>(
  { pages, secure, repositories: { pageSessions } }: PageSetting,
  { kind, claims: schema, clock, embeddable = false }: Kind<Claims>,
) {
  const secrets = pages.sessionSecrets
  const seal = createSeal<Claims>({ secrets, purpose: kind, claims: schema, clock })
  const cookie = sessionCookie({ name: `perennial_${kind}`, secure, embeddable })

  /** The claims of the request's cookie, unless the session has ended. */
  async function read(c: Context): Promise<Claims | undefined> {
    const sealed = cookie.read(c)
    const claims = sealed === undefined ? undefined : await seal.open(sealed)
    if (claims === undefined) return undefined
    return (await pageSessions.exists(kind, claims.id)) ? claims : undefined
  }

  return {
    read,
    hasCookie: (c: Context) => cookie.read(c) !== undefined,
    clearCookie: cookie.clear,
    async write(c: Context, claims: Claims, until: Date) {
      const seconds = Math.floor((until.getTime() - clock.now().getTime()) / 1_000)
      cookie.write(c, await seal.close(claims, until), Math.max(0, seconds))
    },
    /** Stores a session, and ends the one that the browser had before. */
    async begin(c: Context, beginning: Beginning): Promise<z.infer<typeof sessionClaims>> {
      const id = randomUUID()
      const before = await read(c)
      await pageSessions.begin({ id, kind, ...beginning }, before?.id)
      return { id, csrf: randomBytes(CSRF_BYTES).toString('base64url') }
    },
    /** Ends a session in all processes, then deletes the cookie. */
    async end(c: Context, id: string) {
      await pageSessions.end(id)
      cookie.clear(c)
    },
  }
}
