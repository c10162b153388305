import type { Account, Use } from './account.ts'
import type { Charge, Credit, Money, Shown } from './money.ts'
import {
  HELD,
  isAddon,
  LINE_OF,
  limitOf,
  METERED,
  OFFER,
  termsOf,
  type Feature,
  type Line,
} from './price-list.ts'

/**
 * The allowance that the documents promise: usage is at most what was paid for in its time, one free allowance for each
 * window and account, and one trial for the person. It knows nothing of subscriptions.
 */
export type Seen = {
  readonly account: Account
  readonly money: Money
  /** The application's view of the account's running subscriptions. */
  readonly shown: readonly Shown[]
}

const DAY_MS = 86_400_000
/** The shortest month: so the count of months is never too small. */
const MONTH_MS = 28 * DAY_MS
/** The longest month: so the price of a part of it is never too high. */
const LONG_MONTH_MS = 31 * DAY_MS
/** Ends of periods that are closer than this are the same end. */
const SAME_MS = 3_600_000
/** Rounding of prorations to minor units. */
const ROUNDING = 0.01

/** How much of a feature all accounts of a person may have used by now. */
export function allowed(customer: readonly Seen[], feature: Feature, now: number): number {
  const own = customer.map(
    (seen) => freeOf(seen.account, feature, now) + paidOf(seen, feature, now),
  )
  const metered =
    feature === METERED.feature ? customer.reduce((sum, { money }) => sum + money.metered, 0) : 0
  return own.reduce((sum, each) => sum + each, trialOf(customer, feature) + metered)
}

const freePlanOf = (line: Line) => (line === 'main' ? 'plan_free' : 'plan_notes_free')

/** One free allowance for each month that began since the account first had the free plan. */
function freeOf({ freeSince }: Account, feature: Feature, now: number): number {
  const since = freeSince.get(LINE_OF[feature])
  if (since === undefined) return 0
  const months = Math.floor((now - since) / MONTH_MS) + 1
  return months * limitOf(freePlanOf(LINE_OF[feature]), feature)
}

/**
 * The first trial of each customer that the service recognizes: by the card, or by the address once the application has
 * asked for no card.
 */
function trialOf(customer: readonly Seen[], feature: Feature): number {
  if (!customer.some(({ account }) => account.askedForNoCard))
    return firstTrialOf(customer, feature)
  const mailboxes = [...new Set(customer.map(({ account }) => account.mailbox))]
  return mailboxes
    .map((mailbox) => customer.filter(({ account }) => account.mailbox === mailbox))
    .reduce((sum, accounts) => sum + firstTrialOf(accounts, feature), 0)
}

function firstTrialOf(accounts: readonly Seen[], feature: Feature): number {
  const [first] = accounts
    .flatMap(({ money }) => money.charges.filter(isTrial))
    .filter(({ plan }) => termsOf(plan).line === LINE_OF[feature])
    .toSorted((a, b) => a.from - b.from)
  return first === undefined ? 0 : limitOf(first.plan, feature)
}
const isTrial = ({ amount, plan }: Charge): boolean => amount === 0 && termsOf(plan).trialDays > 0

/**
 * The plans and add-ons that paid invoices were for. Plans of one period share its window, so the largest counts, and so does the
 * largest number of each add-on, which counts beside the plan.
 */
function paidOf({ account, money }: Seen, feature: Feature, now: number): number {
  const windows = new Map<string, number>()
  const charges = money.charges.filter((each) => each.amount > 0 && limitOf(each.plan, feature) > 0)
  const refunds = refundsOf(charges, money.credits)
  for (const charge of charges) {
    const of = isAddon(charge.plan) ? charge.plan : 'plan'
    const window = `${charge.subscription} ${of} ${Math.round(charge.to / SAME_MS)}`
    const amount = amountFor(account, charge, { feature, refunds: refunds.get(charge) ?? [], now })
    windows.set(window, Math.max(windows.get(window) ?? 0, amount))
  }
  const sum = [...windows.values()].reduce((total, each) => total + each, 0)
  return sum + cutWindow(charges, feature)
}

/** Between months and years the anchor moves, and one window is cut short: the next one begins early. */
function cutWindow(charges: readonly Charge[], feature: Feature): number {
  const lengths = new Set(charges.map(({ plan }) => termsOf(plan).months))
  if (lengths.size < 2) return 0
  return Math.max(...charges.map(({ plan, quantity }) => limitOf(plan, feature, quantity)))
}

type Refund = { readonly from: number; readonly amount: number }

/** Each credit is of the latest charge of the same plan that it can belong to, and then of earlier ones. */
function refundsOf(
  charges: readonly Charge[],
  credits: readonly Credit[],
): Map<Charge, readonly Refund[]> {
  const left = new Map(charges.map((charge) => [charge, charge.amount]))
  const refunds = new Map<Charge, Refund[]>()
  for (const credit of credits.toSorted((a, b) => a.from - b.from)) {
    let { amount } = credit
    const of = charges.filter((charge) => isOf(credit, charge)).toSorted((a, b) => b.from - a.from)
    for (const charge of of) {
      const taken = Math.min(amount, left.get(charge) ?? 0)
      if (taken <= 0) continue
      amount -= taken
      left.set(charge, (left.get(charge) ?? 0) - taken)
      refunds.set(charge, [...(refunds.get(charge) ?? []), { from: credit.from, amount: taken }])
    }
  }
  return refunds
}

const isOf = (credit: Credit, charge: Charge): boolean =>
  charge.subscription === credit.subscription &&
  charge.plan === credit.plan &&
  charge.quantity === credit.quantity &&
  charge.from <= credit.from &&
  Math.abs(charge.to - credit.to) < SAME_MS

type Asked = {
  readonly feature: Feature
  readonly refunds: readonly Refund[]
  readonly now: number
}

/** The quota of a charge: a limit for each month that began, less the share that was credited or never paid. */
function amountFor(account: Account, charge: Charge, { feature, refunds, now }: Asked): number {
  const { plan, quantity, from, to, amount } = charge
  const limit = limitOf(plan, feature, quantity)
  const isMonthly = termsOf(plan).months === 1
  const until = Math.min(now, to, ...refunds.map((each) => each.from))
  const months = isMonthly ? 1 : Math.max(1, Math.ceil((until - from) / MONTH_MS))
  const refunded = refunds.reduce((sum, each) => sum + each.amount, 0)
  const ofLastWindow = isMonthly ? refunded / amount : shareOfMonth(charge, refunds)
  const given = ofLastWindow < ROUNDING ? 0 : ofLastWindow
  return limit * (months - given) * fairShare(account, charge) || 0
}

/** The share of the month in which unused time was credited. */
function shareOfMonth({ from, to, amount }: Charge, refunds: readonly Refund[]): number {
  const [first] = refunds
  if (first === undefined) return 0
  const monthEnd = from + Math.ceil((first.from - from) / MONTH_MS || 1) * MONTH_MS
  const perMs = first.amount / Math.max(1, to - first.from)
  return Math.min(
    1,
    (perMs * Math.max(0, monthEnd - first.from)) / ((amount * MONTH_MS) / (to - from)),
  )
}

/** The share that was charged of the price on sale, or of an offer until it ends. Never more than the whole. */
function fairShare({ offerEndsAt }: Account, { plan, quantity, from, to, amount }: Charge): number {
  const isOffered = plan === OFFER.plan && offerEndsAt !== null && from < offerEndsAt
  const price = isOffered ? OFFER.price : termsOf(plan).price
  const share = Math.min(1, (to - from) / (termsOf(plan).months * LONG_MONTH_MS))
  const paid = amount / (price * quantity * share)
  return paid > 1 - ROUNDING ? 1 : paid
}

/** Days of grace after a period that was not paid, and the hours until Stripe has tried. */
const GRACE_MS = 8 * DAY_MS
/** After a dispute the service may need this long. */
const DISPUTED_MS = DAY_MS / 2

/** Whether anything that was free, tried or paid for covers this use. */
export function isCovered({ account, money }: Seen, { feature, at }: Use): boolean {
  const line = LINE_OF[feature]
  const free = account.freeSince.get(line)
  if (free !== undefined && free <= at && limitOf(freePlanOf(line), feature) > 0) return true
  const paused = pausedOf(account, at)
  return money.charges.some((charge) => {
    if (limitOf(charge.plan, feature) === 0 || isDisputed(account, money, charge, at)) return false
    return charge.from - SAME_MS <= at && at <= charge.to + paused + GRACE_MS
  })
}

/** A dispute of any payment ends its subscription. */
function isDisputed(account: Account, money: Money, { subscription, from }: Charge, at: number) {
  return [...account.disputed].some(([invoice, since]) => {
    const of = money.charges.find((each) => each.invoice === invoice)
    return of?.subscription === subscription && from <= since && at > since + DISPUTED_MS
  })
}

/** A pause stops the clock of what was paid: the length of all pauses before an instant. */
const pausedOf = ({ pauses }: Account, at: number): number =>
  pauses.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to ?? at, at) - from), 0)

/** A renewal is a draft for an hour, and a workflow asks for it after three. */
const RENEWING_MS = DAY_MS / 2

/** The most of a held feature that the account may hold at an instant: that of the largest plan, and of each add-on, paid for then. */
export function heldAtMost(seen: Seen, { feature, at }: Use): number {
  const limits = new Map<string, number>()
  for (const { plan, quantity } of chargesAt(seen, at)) {
    const of = isAddon(plan) ? plan : 'plan'
    limits.set(of, Math.max(limits.get(of) ?? 0, limitOf(plan, feature, quantity)))
  }
  const free = seen.account.freeSince.has('main') ? limitOf('plan_free', feature) : 0
  limits.set('plan', Math.max(limits.get('plan') ?? 0, free))
  return [...limits.values()].reduce((sum, each) => sum + each, 0)
}

const chargesAt = ({ account, money }: Seen, at: number): readonly Charge[] => {
  const paused = pausedOf(account, at)
  return money.charges.filter(
    ({ from, to }) => from - SAME_MS <= at && at <= to + paused + RENEWING_MS,
  )
}

/**
 * A quantity of a plan that no invoice and no trial has, or of an add-on that none of this time has; the quantity of a free plan
 * says nothing.
 */
export function unpaidQuantity(seen: Seen, now: number): Shown | undefined {
  return seen.shown.find(({ plan, quantity }) => {
    const { line, price } = termsOf(plan)
    const paid = isAddon(plan)
      ? chargesAt(seen, now).filter((each) => each.plan === plan)
      : seen.money.charges.filter((each) => termsOf(each.plan).line === line)
    return price > 0 && paid.every((each) => each.quantity < quantity)
  })
}

export const isHeld = (feature: Feature): boolean => HELD.includes(feature)
