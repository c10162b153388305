import { parseAccept } from 'hono/utils/accept'

/** The languages that the account page speaks; a region of one of them decides how numbers and days are written. */
const SPOKEN = /^(en|pt)(-[A-Z]{2})?$/
const FALLBACK = 'en'

const spoken = (tag: string): string | undefined => {
  const [canonical] = isTag(tag) ? Intl.getCanonicalLocales(tag) : []
  return canonical !== undefined && SPOKEN.test(canonical) ? canonical : undefined
}

/** What is no language tag at all would be thrown back at us. */
const isTag = (tag: string) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/.test(tag)

type Wishes = {
  /** Of the address. */
  readonly asked: string | undefined
  /** Of the customer. */
  readonly known: string | undefined
  /** `Accept-Language` (RFC 9110 §12.5.4). */
  readonly accepted: string | undefined
}

/** The language and region of a page: what was asked for, what is known of the customer, what their browser likes best. */
export function chooseLocale({ asked, known, accepted }: Wishes): string {
  if (asked !== undefined && spoken(asked) !== undefined) return spoken(asked) ?? FALLBACK
  if (known !== undefined) return spoken(known) ?? FALLBACK
  const likes = parseAccept(accepted ?? '').sort((a, b) => b.q - a.q)
  return likes.map(({ type }) => spoken(type)).find((tag) => tag !== undefined) ?? FALLBACK
}
