import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/** Reads, writes and clears one cookie, with the attributes that its kind needs. */
export type SessionCookie = {
  readonly read: (c: Context) => string | undefined
  readonly write: (c: Context, value: string, maxAgeSeconds: number) => void
  readonly clear: (c: Context) => void
}

type Kind = {
  readonly name: string
  /** Over HTTPS: the cookie is bound to this host and is never sent over plain HTTP. */
  readonly secure: boolean
  /**
   * Whether browsers also send it in frames on other sites, with a separate cookie jar for each site; only over HTTPS.
   *
   * @see https://developer.mozilla.org/en-US/docs/Web/Privacy/Guides/Privacy_sandbox/Partitioned_cookies
   */
  readonly embeddable?: boolean
}

/** A session cookie that scripts cannot read. */
export function sessionCookie({ name, secure, embeddable = false }: Kind): SessionCookie {
  const isCrossSite = secure && embeddable
  const options = {
    path: '/',
    httpOnly: true,
    secure,
    sameSite: isCrossSite ? 'None' : embeddable ? 'Lax' : 'Strict',
    ...(isCrossSite && { partitioned: true }),
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
