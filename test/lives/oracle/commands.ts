import type { Act } from '../acts.ts'
import { DAY } from './calendar.ts'
import { offerOf, onSaleAt, PLANS, priceOf, type Choice } from './catalogue.ts'
import {
  ask,
  AWAIT_MS,
  beginCounting,
  beginPeriod,
  issueInvoice,
  changePlan,
  end,
  leaveStripe,
  net,
  spend,
  sendFailureLetter,
  unused,
} from './billing.ts'
import { sendLetter } from './mails.ts'
import { leavePause } from './quota.ts'
import { exactly, plus, type Agreement, type Amount, type Customer } from './customer.ts'
import { DONE, dropPending, isOneOf, NOT_ALLOWED, NOTHING, type Order } from './order.ts'
import type { Verdict } from './verdict.ts'

export function cancel(order: Order, when: 'now' | 'period_end'): Verdict {
  const { customer, agreement } = order
  const { pending } = agreement
  if (agreement.cancelAt === null) agreement.aside = pending?.kind === 'scheduled' ? pending : null
  dropPending(order)
  // The subscription never started: its checkout page closes, and no letter is sent.
  if (agreement.status === 'incomplete') {
    agreement.page = null
    agreement.status = 'incomplete_expired'
    return DONE
  }
  // A pause may last longer than the paid period.
  const isPast = agreement.status === 'paused' && agreement.period.end <= order.at.from
  if (when === 'now' || isPast) {
    leavePause(agreement, order.at.from)
    end(customer, agreement)
  } else endLater(customer, agreement)
  return DONE
}

/** A cancellation that is scheduled again for the same instant is no news. */
export function endLater(customer: Customer, agreement: Agreement): void {
  if (agreement.cancelAt !== agreement.period.end) sendLetter(customer, agreement, 'leaving')
  agreement.cancelAt = agreement.period.end
}

/** A change that replaces the same one is no news. */
function changeLater(order: Order, choice: Choice, was: Agreement['pending']): void {
  const { customer, agreement } = order
  agreement.cancelAt = null
  agreement.pending = { kind: 'scheduled', choice, at: agreement.period.end, invoice: null }
  const isSame =
    was?.kind === 'scheduled' &&
    was.choice.plan === choice.plan &&
    was.choice.version === choice.version &&
    was.choice.quantity === choice.quantity
  if (!isSame) sendLetter(customer, agreement, 'changing', choice)
}

export function keep(order: Order): Verdict {
  const { agreement } = order
  if (!isOneOf(agreement, 'trialing', 'active', 'past_due')) return NOT_ALLOWED
  if (agreement.cancelAt === null) return NOTHING
  stay(order)
  return DONE
}

/** The cancellation is withdrawn, and the change that it had withdrawn returns if it is still on sale. */
export function stay({ customer, agreement, at }: Order): void {
  const { aside } = agreement
  agreement.cancelAt = null
  if (aside === null || !isOneOf(agreement, 'active', 'past_due')) return
  const { plan, version } = aside.choice
  const returns = aside.at === agreement.period.end && onSaleAt(plan, at.from) === version
  if (returns) agreement.pending = aside
  sendLetter(customer, agreement, returns ? 'changing' : 'changeDropped', aside.choice)
}

export function change(
  order: Order,
  { plan, when, quantity }: Extract<Act, { kind: 'change' }>,
  proratedAt: number | undefined,
): Verdict {
  const { agreement } = order
  const { choice: has } = agreement
  if (!isOneOf(agreement, 'trialing', 'active')) return NOT_ALLOWED
  const version = onSaleAt(plan, order.at.from)
  const choice = { plan, version, quantity: quantity ?? has.quantity }
  if (has.plan === plan && has.version === version) {
    if (choice.quantity === has.quantity) return { code: 'plan_unchanged' }
  }
  if (plan === 'plan_free' && (quantity ?? 1) > 1) return { code: 'plan_not_changeable' }
  if (!agreement.isBilled && plan !== 'plan_free') return { code: 'checkout_required' }
  if (agreement.status === 'trialing' && plan !== 'plan_free') return changeInTrial(order, choice)
  const isPaid = agreement.isBilled && agreement.status !== 'trialing'
  if (when === 'now' && isPaid && isLess(has, choice)) return { code: 'downgrade_not_now' }
  return changeTo(order, choice, when, proratedAt)
}

/** A lower rank, fewer units, a shorter period or a lower price: the paid period is used first. */
function isLess(has: Choice, wants: Choice): boolean {
  const [was, is] = [offerOf(has), offerOf(wants)]
  const rankOf = ({ plan }: Choice) => PLANS[plan].rank
  if (rankOf(wants) !== rankOf(has)) {
    if (rankOf(wants) < rankOf(has)) return true
    const [perMonth, wasPerMonth] = [priceOf(wants) / is.months, priceOf(has) / was.months]
    const isCheap = perMonth < wasPerMonth
    return isCheap && (priceOf(wants) < priceOf(has) || wants.quantity < has.quantity)
  }
  return priceOf(wants) < priceOf(has)
}

/**
 * The invoice of a change, charged now. An unpaid one keeps the change waiting for its payment.
 * @param price the part of the total that a discount applies to.
 */
function charge(
  { customer, agreement, at }: Order,
  choice: Choice,
  { price, total }: { readonly price: number; readonly total: Amount },
): 'paid' | 'not_paid' {
  const made = issueInvoice(customer, 'subscription_update', total)
  spend(agreement, price, made, at.from)
  if (ask(customer, made) === 'paid') return 'paid'
  agreement.pending = { kind: 'awaiting_payment', choice, at: at.to + AWAIT_MS, invoice: made }
  sendFailureLetter(customer, agreement)
  return 'not_paid'
}

/** The rest after a pause ends with the change, which begins a period of its own. */
function changeInRest(order: Order, choice: Choice): Verdict {
  const { customer, agreement, at } = order
  const price = priceOf(choice)
  const billed = net(agreement, price, at.from)
  const total = plus(exactly(billed), agreement.waiting)
  agreement.waiting = exactly(0)
  if (charge(order, choice, { price, total }) === 'not_paid') return DONE
  agreement.cancelAt = null
  changePlan(customer, agreement, choice)
  beginPeriod(agreement, at, billed)
  beginCounting(agreement, at)
  return DONE
}

/** A plan with a trial continues it, without more units; a plan without one is charged now and ends it. */
function changeInTrial(order: Order, choice: Choice): Verdict {
  const { agreement } = order
  if (offerOf(choice).trialDays > 0) {
    if (choice.quantity > agreement.choice.quantity) return { code: 'grows_in_trial' }
    return changeTo(order, choice, 'now', undefined)
  }
  dropPending(order)
  const { cancelAt } = agreement
  endTrial(order, choice)
  if (agreement.pending === null) agreement.cancelAt = null
  else agreement.cancelAt = cancelAt
  return DONE
}

/** An operator migrates the customer to the version on sale; customers with a pending change or cancellation are skipped. */
export function migrate(order: Order, when: 'now' | 'period_end'): Verdict {
  const { agreement, at } = order
  const { choice, pending, cancelAt, isBilled } = agreement
  const version = onSaleAt(choice.plan, at.from)
  const isFree = isOneOf(agreement, 'trialing', 'active') && pending === null && cancelAt === null
  if (!isBilled || choice.version === version || !isFree) return DONE
  return changeTo(order, { ...choice, version }, when, undefined)
}

function changeTo(
  order: Order,
  choice: Choice,
  when: 'now' | 'period_end',
  proratedAt: number | undefined,
): Verdict {
  const { agreement } = order
  const isNow = when === 'now' || agreement.status === 'trialing'
  const was = agreement.pending
  dropPending(order)
  if (isNow && choice.plan === 'plan_free') leaveStripe(order.customer, agreement, order.at)
  else if (isNow) return changeNow(order, choice, proratedAt ?? order.at.from)
  else changeLater(order, choice, was)
  return DONE
}

function changeNow(order: Order, choice: Choice, asOf: number): Verdict {
  const { customer, agreement, at } = order
  const price = priceOf(choice)
  if (agreement.status === 'trialing') {
    agreement.cancelAt = null
    changePlan(customer, agreement, choice)
    return DONE
  }
  if (agreement.isRest) return changeInRest(order, choice)
  const opens = offerOf(choice).months !== offerOf(agreement.choice).months
  const credit = exactly(unused(agreement, { from: asOf, to: asOf }).minor)
  const left = agreement.period.end - asOf
  const length = agreement.period.end - agreement.period.start
  const debit = opens ? price : Math.round((price * left) / length)
  // In the last moments of a period, debit and credit round to zero.
  if (!opens && credit.minor === 0 && debit === 0) {
    agreement.cancelAt = null
    changePlan(customer, agreement, choice)
    return DONE
  }
  const billed = net(agreement, debit, at.from)
  const total = plus(plus(credit, exactly(billed)), agreement.waiting)
  agreement.waiting = exactly(0)
  if (charge(order, choice, { price: debit, total }) === 'not_paid') return DONE
  agreement.cancelAt = null
  changePlan(customer, agreement, choice)
  if (opens) beginPeriod(agreement, at, billed)
  else
    agreement.lines = [
      ...agreement.lines,
      { amount: credit.minor, from: asOf },
      { amount: billed, from: asOf },
    ]
  return DONE
}

export function unchange(order: Order): Verdict {
  const { agreement } = order
  if (!isOneOf(agreement, 'trialing', 'active', 'past_due', 'paused')) return NOT_ALLOWED
  if (agreement.pending === null) return NOTHING
  dropPending(order)
  return DONE
}

export function endTrial(order: Order, choice = order.agreement.choice): Verdict {
  const { customer, agreement, at } = order
  if (!isOneOf(agreement, 'trialing')) return NOT_ALLOWED
  const price = priceOf(choice)
  const billed = net(agreement, price, at.from)
  if (charge(order, choice, { price, total: exactly(billed) }) === 'not_paid') return DONE
  agreement.status = 'active'
  agreement.trialEnd = null
  changePlan(customer, agreement, choice)
  beginPeriod(agreement, at, billed)
  beginCounting(agreement, at)
  sendLetter(customer, agreement, 'converted')
  return DONE
}

export function extendTrial({ agreement }: Order, endsAt: number): Verdict {
  if (!isOneOf(agreement, 'trialing')) return NOT_ALLOWED
  agreement.trialEnd = endsAt
  agreement.anchor = { from: endsAt, to: endsAt }
  agreement.period = { ...agreement.period, end: endsAt }
  agreement.isReminded = agreement.isReminded && endsAt - 3 * DAY <= 0
  return DONE
}
