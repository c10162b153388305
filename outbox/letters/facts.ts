import type { Period } from '../../domain/catalogue/period.ts'
import type { LetterContent, NamedUnits } from '../../domain/customer/letter-content.ts'
import type { DropReason } from '../../domain/subscription/set-aside.ts'
import { formatMoney, money, type Money } from '../../domain/money.ts'

/** The values of a letter. Amounts and days are formatted in the customer's locale; empty if there are none. */
export type LetterFacts = {
  readonly plan: string
  /** The plan and what is sold with it, such as “Pro + 2 × Message pack”. */
  readonly sold: string
  /** The plan's price per period; empty for a free plan. */
  readonly price: string
  readonly planBefore: string
  /** The plan of a change that does not take effect, and the reason. */
  readonly droppedPlan: string
  readonly droppedBecause: DropReason
  /** The amount that the letter is about. */
  readonly amount: string
  /** The amount that the invoice charged; empty if nothing. */
  readonly paid: string
  /** The credit that the invoice took from the customer, and the credit that it added. */
  readonly credit: string
  readonly creditAdded: string
  /** The taxes in the amount of the invoice. */
  readonly tax: string
  readonly invoiceNumber: string
  readonly next: {
    readonly kind: 'payment' | 'end' | 'change' | 'nothing'
    readonly day: string
    readonly amount: string
    readonly plan: string
    readonly price: string
  }
  readonly periodEnd: string
  readonly trialEnd: string
  readonly endedAt: string
  readonly resumesAt: string
  /** The name of a feature. */
  readonly feature: string
  /** The share of the quota that is used, in per cent. */
  readonly threshold: number
  readonly usedAmount: string
  readonly quotaLimit: string
  /** The day on which usage resets; empty for never. */
  readonly resetsAt: string
  /** The day of the next payment attempt; empty if Stripe does not try again. */
  readonly nextAttempt: string
  /** The day by which an invoice that was sent has to be paid. */
  readonly dueDay: string
  /** The last four digits of a card that expires, its last day, and the day of the first payment that it misses. */
  readonly card: { readonly last4: string; readonly validUntil: string; readonly missed: string }
}

type Given = {
  readonly locale: string
  /** See `Language`. */
  readonly per: (period: Period) => string
}

/** Formats the content of a letter. A letter may be older than some of its fields. */
export function factsOf(content: LetterContent, { locale, per }: Given): LetterFacts {
  const { card, currency, invoice, quota } = content
  const sold = soldIn(locale)
  const day = (instant: string | null | undefined) =>
    instant
      ? new Date(instant).toLocaleDateString(locale, { dateStyle: 'long', timeZone: 'UTC' })
      : ''
  const amountOf = (amountMinor: number, of = currency) =>
    formatMoney(money(amountMinor, of), locale)
  const positive = (amountMinor: number | undefined) =>
    amountMinor !== undefined && amountMinor > 0 ? amountOf(amountMinor, invoice?.currency) : ''
  const perPeriod = (price: (Money & { readonly period: Period }) | undefined) =>
    price === undefined || price.amountMinor === 0
      ? ''
      : `${amountOf(price.amountMinor, price.currency)} ${per(price.period)}`
  return {
    plan: content.planName,
    sold: sold(content.planName, content.addons),
    price: perPeriod(content.price),
    planBefore: content.planBefore ?? '',
    droppedPlan: content.dropped?.planName ?? '',
    droppedBecause: content.dropped?.because ?? 'time_passed',
    amount: amountOf(content.amountMinor),
    paid: positive(invoice?.paidMinor),
    credit: positive(invoice?.creditUsedMinor),
    creditAdded: positive(invoice && -invoice.creditUsedMinor),
    tax: positive(invoice?.taxMinor),
    invoiceNumber: invoice?.number ?? '',
    next: nextOf(content, { day, amountOf, perPeriod, sold }),
    periodEnd: day(content.periodEnd),
    trialEnd: day(content.trialEnd),
    endedAt: day(content.endedAt),
    resumesAt: day(content.resumesAt),
    feature: quota?.feature ?? '',
    threshold: quota?.threshold ?? 0,
    usedAmount: (quota?.usedAmount ?? 0).toLocaleString(locale),
    quotaLimit: (quota?.quotaLimit ?? 0).toLocaleString(locale),
    resetsAt: day(quota?.resetsAt),
    nextAttempt: day(content.nextAttempt),
    dueDay: day(content.dueAt),
    card: {
      last4: card?.last4 ?? '',
      validUntil: day(card?.validUntil),
      missed: day(card?.missed),
    },
  }
}

/** A plan and its add-ons, such as “Pro + 2 × Message pack”. */
const soldIn =
  (locale: string) =>
  (plan: string, addons: readonly NamedUnits[] = []): string =>
    [
      plan,
      ...addons.map(({ name, quantity }) =>
        quantity === 1 ? name : `${quantity.toLocaleString(locale)} × ${name}`,
      ),
    ].join(' + ')

type Formats = {
  readonly day: (instant: string) => string
  readonly amountOf: (amountMinor: number, currency?: string) => string
  readonly perPeriod: (price: Money & { readonly period: Period }) => string
  readonly sold: ReturnType<typeof soldIn>
}

function nextOf({ next, price }: LetterContent, formats: Formats): LetterFacts['next'] {
  const nothing = { kind: 'nothing', day: '', amount: '', plan: '', price: '' } as const
  if (!next) return nothing
  const day = formats.day(next.at)
  if (next.kind === 'end') return { ...nothing, kind: 'end', day }
  if (next.kind === 'payment')
    return {
      ...nothing,
      kind: 'payment',
      day,
      amount: formats.amountOf(next.amountMinor, price?.currency),
    }
  return {
    ...nothing,
    kind: 'change',
    day,
    plan: formats.sold(
      next.quantity === undefined ? next.planName : `${next.planName} × ${next.quantity}`,
      next.addons,
    ),
    price: formats.perPeriod(next.price),
  }
}
