import type { Period } from '../catalogue/period.ts'
import { isFree, type PlanVersion } from '../catalogue/plan.ts'
import { priceOfUnits, type Units } from '../catalogue/pooled-plan.ts'
import type { Money } from '../money.ts'
import type { InvoiceFacts } from '../stripe/snapshot.ts'
import { priceAt } from '../subscription/price.ts'
import type { DropReason } from '../subscription/set-aside.ts'
import { isLive, isOver, type Subscription } from '../subscription/subscription.ts'

/**
 * The data of a letter, without personal data, except for the end of a card's number. Instants are ISO 8601. Letters that an older build stored lack the optional
 * fields.
 */
export type LetterContent = {
  readonly planName: string
  /** The add-ons that are sold with the plan. Absent is none. */
  readonly addons?: readonly NamedUnits[]
  /** The amount that the letter is about: due, paid or refunded; for others the plan's price. */
  readonly amountMinor: number
  readonly currency: string
  readonly periodEnd: string | null
  readonly trialEnd: string | null
  /** The price per period of the plan and its add-ons, for the whole quantity, without discounts. */
  readonly price?: Money & { readonly period: Period }
  /** The plan before this change. */
  readonly planBefore?: string | null
  readonly next?: NextStep | null
  /** A plan change that does not take effect. */
  readonly dropped?: { readonly planName: string; readonly because: DropReason }
  readonly endedAt?: string | null
  readonly resumesAt?: string | null
  /** The invoice that the letter is about. */
  readonly invoice?: {
    readonly number: string | null
    readonly url: string | null
    readonly paidMinor: number
    /** Paid from the customer's balance; negative when the invoice added to it. */
    readonly creditUsedMinor: number
    /** All taxes, also those that the prices include. Absent in letters of an older build. */
    readonly taxMinor?: number
    readonly currency: string
  }
  /** The threshold that a feature's usage reached, in per cent of the limit. */
  readonly quota?: {
    readonly feature: string
    readonly threshold: number
    readonly usedAmount: number
    readonly quotaLimit: number
    readonly resetsAt: string | null
  }
  /** The card that expires: the last instant at which it is valid, and the first renewal that it misses. */
  readonly card?: { readonly last4: string; readonly validUntil: string; readonly missed: string }
  /** When Stripe retries the payment; null when it does not retry. */
  readonly nextAttempt: string | null
  /** When an invoice that was sent has to be paid. Absent for one that is charged automatically. */
  readonly dueAt?: string
  /** Stripe's page on which the invoice can be paid. */
  readonly payUrl: string | null
}

/** Units of an add-on. */
export type NamedUnits = { readonly name: string; readonly quantity: number }

/** The next event of a subscription, unless its customer acts. */
export type NextStep =
  | { readonly kind: 'payment'; readonly at: string; readonly amountMinor: number }
  | { readonly kind: 'end'; readonly at: string }
  | {
      readonly kind: 'change'
      readonly at: string
      readonly planName: string
      readonly addons?: readonly NamedUnits[]
      /** Absent for a single unit that stays one, and in letters of an older build. */
      readonly quantity?: number
      readonly price: Money & { readonly period: Period }
    }

/** Facts around a change of a subscription that its letters name. */
export type Around = {
  /** The plan after the change, and the one before it if it was another. */
  readonly plan: PlanVersion
  readonly planBefore?: PlanVersion | undefined
  /** The plan of the pending change. */
  readonly pendingPlan?: PlanVersion | undefined
  /** The plan of the payment page, if this change ends its purchase. */
  readonly purchased?: PlanVersion | undefined
  /** The add-ons now, and after a pending change. Absent is none. */
  readonly addons?: readonly Units[]
  readonly pendingAddons?: readonly Units[]
  /** Stripe's latest invoice of the subscription, if this change read it. */
  readonly invoice?: InvoiceFacts | undefined
  /** Whether this change refused a trial, because its person had one before. */
  readonly isTrialRefused?: boolean
}

/** The content of a letter about a subscription; letters about invoices and quotas add to it. */
export const contentOf = (subscription: Subscription, around: Around): LetterContent => ({
  planName: around.plan.name,
  ...(around.addons?.length && { addons: around.addons.map(namedUnits) }),
  amountMinor: around.plan.price.amountMinor,
  currency: around.plan.price.currency,
  price: priceOf(around.plan, subscription.quantity, around.addons),
  planBefore: around.planBefore?.name ?? null,
  next: nextStep(subscription, around),
  periodEnd: subscription.period?.end.toISOString() ?? null,
  trialEnd: subscription.trialEnd?.toISOString() ?? null,
  endedAt: isOver(subscription) ? subscription.endedAt.toISOString() : null,
  resumesAt: subscription.resumesAt?.toISOString() ?? null,
  nextAttempt: null,
  payUrl: null,
})

/** The part of a letter's content that an invoice gives. */
export const invoiceContent = (invoice: InvoiceFacts): Pick<LetterContent, 'invoice'> => ({
  invoice: {
    number: invoice.number,
    url: invoice.hostedUrl,
    paidMinor: invoice.amountPaidMinor,
    creditUsedMinor: invoice.creditUsedMinor,
    ...(invoice.amounts && { taxMinor: invoice.amounts.taxMinor }),
    currency: invoice.currency,
  },
})

const namedUnits = ({ plan: { name }, quantity }: Units): NamedUnits => ({ name, quantity })

const priceOf = (
  { price, period }: PlanVersion,
  quantity: number,
  addons: readonly Units[] = [],
) => ({
  amountMinor: price.amountMinor * quantity + priceOfUnits(addons),
  currency: price.currency,
  period,
})

/** Of each state on its own, so that one in a period has its period. */
type FactsOf<State> = State extends Subscription
  ? Pick<
      State,
      'status' | 'cancelAt' | 'pendingChange' | 'trialEnd' | 'period' | 'quantity' | 'discount'
    >
  : never
type Facts = FactsOf<Subscription>

/** @returns null if nothing is known to come: a free plan, a pause, an open invoice, or the end. */
export function nextStep(
  facts: Facts,
  {
    plan,
    pendingPlan,
    addons = [],
    pendingAddons,
  }: Pick<Around, 'plan' | 'pendingPlan' | 'addons' | 'pendingAddons'>,
): NextStep | null {
  const { status, cancelAt, pendingChange, trialEnd, period, quantity } = facts
  if (cancelAt !== null && isLive(status)) return { kind: 'end', at: cancelAt.toISOString() }
  if (status !== 'active' && status !== 'trialing') return null
  if (pendingChange?.kind === 'scheduled' && pendingPlan !== undefined) {
    const hasUnits = !isFree(pendingPlan) && Math.max(quantity, pendingChange.quantity) > 1
    return {
      kind: 'change',
      at: pendingChange.at.toISOString(),
      planName: pendingPlan.name,
      ...(pendingAddons?.length && { addons: pendingAddons.map(namedUnits) }),
      ...(hasUnits && { quantity: pendingChange.quantity }),
      price: priceOf(pendingPlan, pendingChange.quantity, pendingAddons),
    }
  }
  const due = status === 'trialing' ? trialEnd : period.end
  if (isFree(plan)) return null
  const { amountMinor } = priceAt({ ...facts, addonsMinor: priceOfUnits(addons) }, plan, due)
  return { kind: 'payment', at: due.toISOString(), amountMinor }
}
