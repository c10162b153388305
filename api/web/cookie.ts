import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

export type SessionCookie = {
  readonly read: (c: Context) => string | undefined
  readonly write: (c: Context, value: string, maxAgeSeconds: number) => void
  readonly clear: (c: Context) => void
}

type Kind = {
  readonly name: string
  /** Over HTTPS: the cookie is bound to this host alone, and never goes over plain HTTP. */
  readonly secure: boolean
  /** Whether it is also sent within pages of other sites, apart for each of them (CHIPS); only over HTTPS. */
  readonly embeddable?: boolean
}

/** A cookie that no script can read. */
export function sessionCookie({ name, secure, embeddable = false }: Kind): SessionCookie {
  const isForeign = secure && embeddable
  const options = {
    path: '/',
    httpOnly: true,
    secure,
    sameSite: isForeign ? 'None' : embeddable ? 'Lax' : 'Strict',
    ...(isForeign && { partitioned: true }),
    ...(secure && { prefix: 'host' as const }),
  } as const
  const prefix = secure ? 'host' : undefined
  return {
    read: (c) => (prefix === undefined ? getCookie(c, name) : getCookie(c, name, prefix)),
    write: (c, value, maxAge) => setCookie(c, name, value, { ...options, maxAge }),
    clear: (c) => {
      deleteCookie(c, name, options)
    },
  }
}
