import type { Act } from '../acts.ts'
import { DAY, HOUR } from './calendar.ts'
import { offerOf, onSaleAt, priceOf } from './catalogue.ts'
import { ask, beginCounting, beginPeriod, issueInvoice, net, spend } from './billing.ts'
import { discountFrom } from './discount.ts'
import { sendLetter } from './mails.ts'
import {
  exactly,
  liveOf,
  newAgreement,
  type Agreement,
  type Between,
  type Customer,
} from './customer.ts'
import type { Verdict } from './verdict.ts'

/** The lifetime of a checkout page in the lives' world. */
const PAGE_MS = HOUR

/** `POST /subscriptions/checkout`, and the customer's behaviour on the page. */
export function buy(
  customer: Customer,
  { plan, payment, quantity = 1, off }: Extract<Act, { kind: 'buy' }>,
  at: Between,
): Verdict {
  const live = liveOf(customer)
  const choice = { plan, version: onSaleAt(plan, at.from), quantity }
  const { price, trialDays } = offerOf(choice)
  // A free plan has quantity one and no discount.
  if (price === 0 && (quantity > 1 || off !== undefined)) return { code: 'invalid_request' }
  const isFree = live === null || (live.status === 'active' && !live.isBilled)
  // A second checkout of the same free plan returns the present one.
  if (price === 0 && live !== null && live.choice.plan === plan) return { code: null }
  if (live !== null && !isFree && live.status !== 'incomplete')
    return { code: 'subscription_exists' }
  if (price === 0) {
    const begun = succeed(customer, choice)
    begun.status = 'active'
    beginPeriod(begun, at, 0)
    sendLetter(customer, begun, 'confirmed')
    return { code: null }
  }
  const agreement = live ?? succeed(customer, choice)
  if (payment === 'leaves' || payment === 'declined') {
    agreement.page = { plan, until: at.from + PAGE_MS }
    return { code: null }
  }
  Object.assign(agreement, { choice, isBilled: true, page: null, cancelAt: null, pending: null })
  agreement.discount = off === undefined ? null : discountFrom(off, at.from)
  // The checkout's card is a new one and becomes the customer's default.
  customer.card = 'succeeds'
  if (trialDays > 0 && !customer.hadTrial) beginTrial(customer, agreement, at)
  else beginPaid(customer, agreement, at)
  if (agreement.status === 'active') beginCounting(agreement, at)
  return { code: null }
}

/** A new agreement counts in the customer's windows. */
function succeed(customer: Customer, choice: Agreement['choice']): Agreement {
  const windows = customer.agreement?.windows ?? new Map()
  const agreement = { ...newAgreement(choice), windows }
  customer.agreement = agreement
  return agreement
}

function beginTrial(customer: Customer, agreement: Agreement, at: Between): void {
  const length = offerOf(agreement.choice).trialDays * DAY
  customer.hadTrial = true
  agreement.status = 'trialing'
  agreement.trialEnd = at.from + length
  agreement.anchor = { from: at.from + length, to: at.to + length }
  agreement.period = { start: at.from, end: at.from + length }
  agreement.lines = []
  agreement.isReminded = false
  // The trial's invoice is zero, so the customer's credit balance is unchanged.
  const nothing = issueInvoice(customer, 'subscription_create', exactly(-customer.balance.minor))
  Object.assign(nothing, { due: exactly(0), status: 'paid' })
  sendLetter(customer, agreement, 'trialStarted')
}

function beginPaid(customer: Customer, agreement: Agreement, at: Between): void {
  const price = priceOf(agreement.choice)
  const billed = net(agreement, price, at.from)
  agreement.status = 'active'
  agreement.trialEnd = null
  beginPeriod(agreement, at, billed)
  const made = issueInvoice(customer, 'subscription_create', exactly(billed))
  spend(agreement, price, made, at.from)
  ask(customer, made)
  sendLetter(customer, agreement, 'confirmed')
}
