import { parseAccept } from 'hono/utils/accept'

/** The languages of the account page and of e-mails. The region decides the format of numbers and days. */
export const SUPPORTED_LOCALE = /^(en|pt)(-[A-Z]{2})?$/
const FALLBACK = 'en'

const supported = (tag: string): string | undefined => {
  const [canonical] = isTag(tag) ? Intl.getCanonicalLocales(tag) : []
  return canonical !== undefined && SUPPORTED_LOCALE.test(canonical) ? canonical : undefined
}

/** `Intl.getCanonicalLocales` throws on anything that is not a language tag. */
const isTag = (tag: string) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/.test(tag)

type Preferences = {
  /** `?locale=` of the address. */
  readonly requested: string | undefined
  /** The locale of the customer. */
  readonly customer: string | undefined
  /** `Accept-Language`. */
  readonly accepted: string | undefined
}

/**
 * Chooses the language and region of a page: the one requested, else the customer's, else the one their browser prefers.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
 */
export function chooseLocale({ requested, customer, accepted }: Preferences): string {
  if (requested !== undefined && supported(requested) !== undefined)
    return supported(requested) ?? FALLBACK
  if (customer !== undefined) return supported(customer) ?? FALLBACK
  return acceptedLocale(accepted) ?? FALLBACK
}

/** @returns the supported locale that `Accept-Language` prefers; undefined if it names none */
export function acceptedLocale(accepted: string | undefined): string | undefined {
  const preferred = parseAccept(accepted ?? '').sort((a, b) => b.q - a.q)
  return preferred.map(({ type }) => supported(type)).find((tag) => tag !== undefined)
}
