import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { NOT_PLAIN_TEXT } from '../../domain/text.ts'
import { isPlainEncoded } from '../percent-encoding.ts'
import { RequestError } from '../request-error.ts'

/** The draft of a plan with `FEATURES_MAX` features has some 200 bytes for each of them. */
export const FORM_MAX_BYTES = 64 * 1_024

/** The fields of a form, trimmed, by name. */
export type Form = Readonly<Record<string, string>>

/** Browsers send every form without files so, and ours have none. */
const FORM_TYPE = /^application\/x-www-form-urlencoded[ \t]*(?:;[ \t]*charset=utf-8[ \t]*)?$/i

/**
 * Reads the fields of a form, trimmed. Of a repeated field the last one counts.
 *
 * @throws RequestError for another type, and for fields that are no plain text.
 */
export async function readForm(c: Context): Promise<Form> {
  const body = await c.req.text()
  if (body === '') return {}
  if (!FORM_TYPE.test(c.req.header('content-type') ?? ''))
    throw new RequestError('malformed_form', 'A form is sent as application/x-www-form-urlencoded.')
  if (!isPlainEncoded(body.replaceAll('+', ' ')))
    throw new RequestError('malformed_form', `Each field of a form ${NOT_PLAIN_TEXT}.`)
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([name, value]) => [name, value.trim()]),
  )
}

/** Whether a form was sent from a page of this session: it must repeat the session's CSRF token. */
export function hasCsrfToken(form: Form, expected: string): boolean {
  const given = Buffer.from(form['csrf'] ?? '')
  const known = Buffer.from(expected)
  return given.length === known.length && timingSafeEqual(given, known)
}

/** Whether a browser sent this from a page of ours, or says nothing of the page. Programs send neither header. */
export const comesFromOurPage = (c: Context): boolean =>
  !isCrossSite(c) &&
  (c.req.header('sec-fetch-site') !== undefined || c.req.header('origin') !== undefined)

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
