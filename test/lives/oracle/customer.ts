import type { Span } from './calendar.ts'
import type { Choice, FeatureCode, Slug } from './catalogue.ts'
import type { Discount } from './discount.ts'

/** An instant within this range, chosen by another clock. */
export type Between = { readonly from: number; readonly to: number }

/** Minor units with a tolerance, because they depend on such an instant. */
export type Amount = { readonly minor: number; readonly give: number }
export const exactly = (minor: number): Amount => ({ minor, give: 0 })
export const plus = (a: Amount, b: Amount): Amount => ({
  minor: a.minor + b.minor,
  give: a.give + b.give,
})
export const least = (a: Amount, minor: number): Amount => ({
  minor: Math.max(a.minor, minor),
  give: a.give,
})

export type Invoice = {
  readonly reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update'
  readonly due: Amount
  status: 'draft' | 'open' | 'paid' | 'void'
  attempts: number
  refunded: boolean
  dispute: 'none' | 'open' | 'over'
  /** The first paid period after a trial. */
  endsTrial: boolean
  /** The instant of Stripe's next automatic step. */
  nextAt: number | null
}

/** A line that was billed for the present period, and the start of its time. */
export type Line = { readonly amount: number; readonly from: number }

export type Window = {
  readonly start: Between
  readonly end: Between
  /** The end that it had before a pause; null when it is not stopped. */
  readonly stopped: Between | null
  used: number
  /** The part of `used` that grants cover. */
  granted: number
  /** The part of `used` beyond the limit and all grants. */
  beyond: number
  readonly announced: Set<number>
}

/** A pending change: due at the end of the period, or once an invoice is paid. */
export type Pending = {
  readonly kind: 'scheduled' | 'awaiting_payment'
  readonly choice: Choice
  readonly at: number
  readonly invoice: Invoice | null
}

export type Agreement = {
  status:
    'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'paused' | 'canceled'
  choice: Choice
  discount: Discount | null
  isBilled: boolean
  anchor: Between
  period: Span
  trialEnd: number | null
  isReminded: boolean
  cancelAt: number | null
  pending: Pending | null
  /** The scheduled change that a cancellation withdrew; it returns with the cancellation's withdrawal. */
  aside: Pending | null
  /** The open checkout page: its plan, and its expiry. */
  page: { readonly plan: Slug; readonly until: number } | null
  pastDueSince: Between | null
  /** When a pause stopped the clock; null when it runs. */
  pausedAt: Between | null
  /** Whether the period is the rest that a pause has moved, in which Stripe has nothing to prorate. */
  isRest: boolean
  lines: Line[]
  /** Carried to the next invoice: credits are negative. */
  waiting: Amount
  readonly windows: Map<FeatureCode, Window>
}

export type Card = 'succeeds' | 'declines' | 'authenticates'

/** The state of a customer that the documents promise. */
export type Customer = {
  card: Card
  /** The customer's credit balance at Stripe: zero or negative. */
  balance: Amount
  hadTrial: boolean
  /** The customer's latest subscription, live or not. */
  agreement: Agreement | null
  readonly invoices: Invoice[]
  /** The rest of operators' grants; it survives the end of a subscription. */
  readonly grants: Map<FeatureCode, number>
  /** All billable usage beyond limits: the expected total of Stripe's meter. */
  metered: number
  /** The subjects of their e-mails. */
  readonly mails: string[]
}

export const newCustomer = (): Customer => ({
  card: 'succeeds',
  balance: exactly(0),
  hadTrial: false,
  agreement: null,
  invoices: [],
  grants: new Map(),
  metered: 0,
  mails: [],
})

const OVER: readonly Agreement['status'][] = ['canceled', 'incomplete_expired']
export const liveOf = ({ agreement }: Customer): Agreement | null =>
  agreement === null || OVER.includes(agreement.status) ? null : agreement

export const newAgreement = (choice: Choice): Agreement => ({
  status: 'incomplete',
  choice,
  discount: null,
  isBilled: false,
  anchor: { from: 0, to: 0 },
  period: { start: 0, end: 0 },
  trialEnd: null,
  isReminded: false,
  cancelAt: null,
  pending: null,
  aside: null,
  page: null,
  pastDueSince: null,
  pausedAt: null,
  isRest: false,
  lines: [],
  waiting: exactly(0),
  windows: new Map(),
})
