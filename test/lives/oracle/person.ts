import type { Span } from './calendar.ts'
import type { Choice, FeatureCode, Slug } from './catalogue.ts'
import type { Discount } from './discount.ts'

/** An instant that somebody else's clock chose within this stretch. */
export type Between = { readonly from: number; readonly to: number }

/** Minor units that may differ by so many, because they depend on such an instant. */
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

export type Bill = {
  readonly reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update'
  readonly due: Amount
  status: 'draft' | 'open' | 'paid' | 'void'
  attempts: number
  refunded: boolean
  dispute: 'none' | 'open' | 'over'
  /** When Stripe does something about it by itself. */
  nextAt: number | null
}

/** A line that was billed for the present period, and the time it is for. */
export type Line = { readonly amount: number; readonly from: number }

export type Window = {
  readonly start: Between
  readonly end: Between
  used: number
  /** What of it grants cover. */
  granted: number
  /** What of it lies beyond the limit and all grants. */
  beyond: number
  readonly told: Set<number>
}

/** What is to come: at the end of the period, or once a bill is paid. */
export type Pending = {
  readonly kind: 'scheduled' | 'awaiting_payment'
  readonly choice: Choice
  readonly at: number
  readonly bill: Bill | null
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
  /** The page that is open: what it sells, and until when. */
  page: { readonly plan: Slug; readonly until: number } | null
  pastDueSince: Between | null
  lines: Line[]
  /** Kept for the next bill: credits are negative. */
  waiting: Amount
  readonly windows: Map<FeatureCode, Window>
}

export type Card = 'succeeds' | 'declines' | 'authenticates'

/** Somebody as the documents say they must be. */
export type Person = {
  card: Card
  /** What Stripe owes the customer: zero or negative. */
  balance: Amount
  hadTrial: boolean
  /** The latest of theirs, whether it lives or not. */
  agreement: Agreement | null
  readonly bills: Bill[]
  /** What is left of what operators granted; it stays across subscriptions. */
  readonly grants: Map<FeatureCode, number>
  /** What of usage beyond limits is billed, in all: what Stripe's meter must say. */
  metered: number
  /** The subjects of their e-mails. */
  readonly mails: string[]
}

export const newPerson = (): Person => ({
  card: 'succeeds',
  balance: exactly(0),
  hadTrial: false,
  agreement: null,
  bills: [],
  grants: new Map(),
  metered: 0,
  mails: [],
})

const OVER: readonly Agreement['status'][] = ['canceled', 'incomplete_expired']
export const liveOf = ({ agreement }: Person): Agreement | null =>
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
  page: null,
  pastDueSince: null,
  lines: [],
  waiting: exactly(0),
  windows: new Map(),
})
