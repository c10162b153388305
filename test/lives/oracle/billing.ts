import { DAY, HOUR, spanAt } from './calendar.ts'
import { offerOf, onSaleAt, priceOf, type Choice } from './catalogue.ts'
import { reduction } from './discount.ts'
import { sendLetter } from './mails.ts'
import {
  exactly,
  least,
  plus,
  type Agreement,
  type Amount,
  type Between,
  type Invoice,
  type Customer,
} from './customer.ts'
import { countAnew } from './quota.ts'

/** Stripe keeps a renewal as a draft for an hour, then tries four times. */
const DRAFT_MS = HOUR
const RETRY_AFTER_MS = [3 * DAY, 5 * DAY, 6 * DAY]
/** How long a change waits for its payment. */
export const AWAIT_MS = 23 * HOUR

/** A price at an instant, less the discount. */
export const net = ({ discount }: Agreement, amount: number, at: number): number =>
  amount - reduction(discount, amount, at)

/** Records that this invoice used the one-time coupon. */
export function spend({ discount }: Agreement, amount: number, made: Invoice, at: number): void {
  if (discount !== null && reduction(discount, amount, at) > 0) discount.spentOn = made
}

/** An invoice with immediate payment; the customer's credit balance is applied first. */
export function issueInvoice(
  customer: Customer,
  reason: Invoice['reason'],
  total: Amount,
): Invoice {
  const owed = plus(total, customer.balance)
  const due = least(owed, 0)
  customer.balance = { minor: Math.min(owed.minor, 0), give: owed.give }
  const made: Invoice = {
    reason,
    due,
    status: 'open',
    attempts: 0,
    refunded: false,
    dispute: 'none',
    nextAt: null,
    endsTrial: false,
  }
  customer.invoices.push(made)
  return made
}

/** Charges the card; an invoice of zero is paid without a charge. */
export function ask(customer: Customer, made: Invoice): 'paid' | 'not_paid' {
  if (made.due.minor > 0) made.attempts += 1
  if (made.due.minor > 0 && customer.card !== 'succeeds') return 'not_paid'
  made.status = 'paid'
  made.nextAt = null
  return 'paid'
}

/** The first period of a purchase: billed in advance, with the lines that later credit is based on. */
export function beginPeriod(agreement: Agreement, start: Between, billed: number): void {
  agreement.isRest = false
  agreement.anchor = start
  agreement.period = spanAt(start.from, offerOf(agreement.choice).months, start.from)
  agreement.lines = [{ amount: billed, from: start.from }]
}

/** The credit for the rest of the period at some instant of the range, with the tolerance of the range. */
export function unused(agreement: Agreement, { from, to }: Between): Amount {
  const { period, lines } = agreement
  const share = (at: number) =>
    Math.round(
      lines.reduce((sum, line) => {
        const left = Math.max(period.end - Math.max(at, line.from), 0)
        return sum + (line.amount * left) / (period.end - line.from)
      }, 0),
    )
  const [most, few] = [share(from), share(to)]
  return { minor: -Math.round((most + few) / 2), give: Math.ceil(Math.abs(most - few) / 2) + 1 }
}

/** Opens the next period at its boundary; Stripe finalizes its invoice an hour later. */
export function renew(customer: Customer, agreement: Agreement): void {
  const at = agreement.period.end
  agreement.isRest = false
  const change = agreement.pending?.kind === 'scheduled' ? agreement.pending.choice : null
  const was = offerOf(agreement.choice).months
  if (change !== null) {
    changePlan(customer, agreement, change)
    agreement.pending = null
  }
  const { months } = offerOf(agreement.choice)
  const endsTrial = agreement.status === 'trialing'
  if (endsTrial) {
    agreement.status = 'active'
    agreement.trialEnd = null
  }
  if (endsTrial || months !== was) agreement.anchor = { from: at, to: at }
  agreement.period = spanAt(agreement.anchor.from, months, at)
  const price = priceOf(agreement.choice)
  const billed = net(agreement, price, at)
  agreement.lines = [{ amount: billed, from: at }]
  const total = plus(exactly(billed), agreement.waiting)
  agreement.waiting = exactly(0)
  const draft: Invoice = {
    reason: 'subscription_cycle',
    due: total,
    status: 'draft',
    attempts: 0,
    refunded: false,
    dispute: 'none',
    nextAt: at + DRAFT_MS,
    endsTrial,
  }
  customer.invoices.push(draft)
  spend(agreement, price, draft, at)
}

/** Finalizes a draft, or retries the payment. */
export function collect(customer: Customer, agreement: Agreement, made: Invoice): void {
  const at = made.nextAt ?? 0
  const closed = made.status === 'draft' ? closeDraft(customer, made) : made
  if (ask(customer, closed) === 'paid') {
    if (agreement.status === 'past_due') recover(agreement)
    sendLetter(customer, agreement, closed.endsTrial ? 'converted' : 'renewed')
    return
  }
  const wait = RETRY_AFTER_MS[closed.attempts - 1]
  closed.nextAt = wait === undefined ? null : at + wait
  if (agreement.status === 'active') {
    agreement.status = 'past_due'
    agreement.pastDueSince = { from: at, to: at }
  }
  sendFailureLetter(customer, agreement)
  if (wait === undefined) end(customer, agreement)
}

export const sendFailureLetter = (customer: Customer, agreement: Agreement): void =>
  sendLetter(customer, agreement, customer.card === 'authenticates' ? 'confirm' : 'failed')

function closeDraft(customer: Customer, draft: Invoice): Invoice {
  const at = customer.invoices.indexOf(draft)
  customer.invoices.splice(at, 1)
  const made = issueInvoice(customer, draft.reason, draft.due)
  made.endsTrial = draft.endsTrial
  // The invoice keeps the draft's position.
  customer.invoices.splice(customer.invoices.length - 1, 1)
  customer.invoices.splice(at, 0, made)
  return made
}

export function recover(agreement: Agreement): void {
  agreement.status = 'active'
  agreement.pastDueSince = null
}

/** The subscription ends, and Stripe stops collecting. */
export function end(customer: Customer, agreement: Agreement): void {
  agreement.status = 'canceled'
  agreement.cancelAt = null
  agreement.pending = null
  agreement.page = null
  agreement.pastDueSince = null
  for (const made of customer.invoices) {
    made.nextAt = null
  }
  sendLetter(customer, agreement, 'ended')
}

/** A change of quantity alone sends no letter; its invoice shows it. */
export function changePlan(customer: Customer, agreement: Agreement, choice: Choice): void {
  const { plan, version } = agreement.choice
  agreement.choice = choice
  if (plan !== choice.plan || version !== choice.version) sendLetter(customer, agreement, 'changed')
}

/** Continues as a free plan without Stripe, from that instant. */
export function leaveStripe(customer: Customer, agreement: Agreement, at: Between): void {
  for (const made of customer.invoices) made.nextAt = null
  agreement.isBilled = false
  agreement.isRest = false
  agreement.status = 'active'
  agreement.trialEnd = null
  agreement.cancelAt = null
  agreement.pending = null
  agreement.pastDueSince = null
  agreement.waiting = exactly(0)
  agreement.discount = null
  const version = onSaleAt('plan_free', at.from)
  changePlan(customer, agreement, { plan: 'plan_free', version, quantity: 1 })
  agreement.anchor = at
  agreement.period = spanAt(at.from, 1, at.from)
  agreement.lines = []
}

/** The first paid period resets the counters. */
export const beginCounting = (agreement: Agreement, at: Between): void => countAnew(agreement, at)
