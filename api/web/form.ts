import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'

/** Far above the size of any form on our pages. */
export const FORM_MAX_BYTES = 16 * 1_024

export type Form = Readonly<Record<string, string>>

/** Reads the text fields of a form, trimmed. Files and repeated fields are ignored: our forms have none. */
export async function readForm(c: Context): Promise<Form> {
  const body = await c.req.parseBody()
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.trim()]] : [],
    ),
  )
}

/** Whether a form was sent from a page of this session: it must repeat the session's CSRF token. */
export function hasCsrfToken(form: Form, expected: string): boolean {
  const given = Buffer.from(form['csrf'] ?? '')
  const known = Buffer.from(expected)
  return given.length === known.length && timingSafeEqual(given, known)
}

/**
 * Whether another site sent this request, according to the browser. Browsers send `Sec-Fetch-Site`; over plain HTTP they send
 * only `Origin`, which is `null` when the page hides it.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isCrossSite(c: Context): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = c.req.header('origin')
  if (origin === undefined || origin === 'null') return false
  return !URL.canParse(origin) || new URL(origin).host !== c.req.header('host')
}
