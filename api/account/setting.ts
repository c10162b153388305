import type { Context } from 'hono'
import type { Customer } from '../../domain/customer/repository.ts'
import { createFormat, type Format } from '../web/format.ts'
import type { PageSetting } from '../web/setting.ts'
import { chooseLocale } from '../web/locale.ts'
import type { AccountEnvironment, Visitor } from './session.ts'
import { textsFor, type Texts } from './texts.ts'

/** The texts and formats of a visitor's language. */
export type Speech = { readonly texts: Texts; readonly format: Format }

/**
 * The texts of a language, and its formats.
 *
 * @param timeZone an IANA name; UTC if absent.
 */
export const speechFor = (locale: string, timeZone?: string | null): Speech => ({
  texts: textsFor(locale),
  format: createFormat(locale, timeZone ?? 'UTC'),
})

/** The language for a visitor who is not signed in: by the address or the browser. */
export const speechOfRequest = (c: Context): Speech =>
  speechFor(
    chooseLocale({
      requested: c.req.query('locale'),
      customer: undefined,
      accepted: c.req.header('accept-language'),
    }),
  )

/** One view of the page. `customer` is undefined before the first purchase. */
export type Visit = Speech & {
  readonly visitor: Visitor
  readonly customer: Customer | undefined
}

/** The signed-in visitor with their customer record and language. */
export async function visitOf(
  c: Context<AccountEnvironment>,
  { repositories }: PageSetting,
): Promise<Visit> {
  const visitor = c.get('visitor')
  const customer = await repositories.customers.find(visitor.userId)
  const locale = chooseLocale({
    requested: visitor.locale ?? undefined,
    customer: customer?.locale,
    accepted: c.req.header('accept-language'),
  })
  return { visitor, customer, ...speechFor(locale, customer?.timeZone) }
}
