import type { Context } from 'hono'
import type { Customer } from '../../domain/customer/repository.ts'
import { createFormat, type Format } from '../web/format.ts'
import type { PageSetting } from '../web/pages.ts'
import { chooseLocale } from './locale.ts'
import type { AccountEnvironment, Visitor } from './session.ts'
import { textsFor, type Texts } from './texts.ts'

/** How a page speaks to its visitor. */
export type Speech = { readonly texts: Texts; readonly format: Format }

export const speechFor = (locale: string, timeZone?: string | null): Speech => ({
  texts: textsFor(locale),
  format: createFormat(locale, timeZone ?? 'UTC'),
})

/** How to speak to somebody of whom nothing is known. */
export const speechToStranger = (c: Context): Speech =>
  speechFor(
    chooseLocale({
      asked: c.req.query('locale'),
      known: undefined,
      accepted: c.req.header('accept-language'),
    }),
  )

export type Visit = Speech & {
  readonly visitor: Visitor
  readonly customer: Customer | undefined
}

/** The visitor, and how to speak to them. */
export async function visitOf(
  c: Context<AccountEnvironment>,
  { repositories }: PageSetting,
): Promise<Visit> {
  const visitor = c.get('visitor')
  const customer = await repositories.customers.find(visitor.userId)
  const locale = chooseLocale({
    asked: visitor.locale ?? undefined,
    known: customer?.locale,
    accepted: c.req.header('accept-language'),
  })
  return { visitor, customer, ...speechFor(locale, customer?.timeZone) }
}
