import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'

/** No form of ours is near it. */
export const FORM_MAX_BYTES = 16 * 1_024

export type Form = Readonly<Record<string, string>>

/** The fields of a form; files and repeated fields are none of ours. */
export async function readForm(c: Context): Promise<Form> {
  const body = await c.req.parseBody()
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.trim()]] : [],
    ),
  )
}

/** Whether a form comes from the page that it was shown on: it repeats what only that page was told. */
export function isOwnForm(form: Form, expected: string): boolean {
  const given = Buffer.from(form['csrf'] ?? '')
  const known = Buffer.from(expected)
  return given.length === known.length && timingSafeEqual(given, known)
}

/**
 * Whether a browser says that another site sent this. Browsers tell by `Sec-Fetch-Site`; those that do not (over plain HTTP)
 * name the origin, unless the page kept it to itself.
 */
export function isFromElsewhere(c: Context): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = c.req.header('origin')
  if (origin === undefined || origin === 'null') return false
  return !URL.canParse(origin) || new URL(origin).host !== c.req.header('host')
}
