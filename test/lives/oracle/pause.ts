import {
  ask,
  AWAIT_MS,
  beginPeriod,
  issueInvoice,
  net,
  sendFailureLetter,
  spend,
} from './billing.ts'
import { priceOf } from './catalogue.ts'
import { exactly, plus, type Between } from './customer.ts'
import { sendLetter } from './mails.ts'
import { DONE, dropPending, isOneOf, NOT_ALLOWED, type Order } from './order.ts'
import { continueWindows, stopWindows } from './quota.ts'
import type { Verdict } from './verdict.ts'

export function pause(order: Order): Verdict {
  const { customer, agreement, at } = order
  if (!isOneOf(agreement, 'active')) return NOT_ALLOWED
  // The rest of a period that is not paid yet cannot be kept.
  const owes = customer.invoices.some(
    ({ reason, status, due }) =>
      reason === 'subscription_cycle' && (status === 'draft' || status === 'open') && due.minor > 0,
  )
  if (agreement.isBilled && owes) return { code: 'payment_pending' }
  dropPending(order)
  agreement.cancelAt = null
  agreement.status = 'paused'
  agreement.pausedAt = at
  stopWindows(agreement, at.from)
  sendLetter(customer, agreement, 'paused')
  return DONE
}

/** Clocks that count whole seconds, and the time between a request and its answer. */
const ROUNDING_MS = 5_000

/** The rest of the period continues, without a charge. */
function continueAfterPause(
  { customer, agreement, at }: Order,
  { pausedAt, endsAt }: { readonly pausedAt: Between; readonly endsAt: number | undefined },
): void {
  const { period } = agreement
  const expected = period.end + at.from - pausedAt.from
  const isAsAnswered = endsAt !== undefined && Math.abs(endsAt - expected) <= ROUNDING_MS
  const moved = isAsAnswered ? endsAt : expected
  agreement.status = 'active'
  agreement.pausedAt = null
  agreement.isRest = agreement.isBilled
  if (agreement.cancelAt === period.end) agreement.cancelAt = moved
  agreement.period = { start: at.from, end: moved }
  agreement.anchor = { from: moved, to: moved }
  agreement.lines = []
  continueWindows(agreement, at.from, { from: moved - period.end, to: moved - period.end })
  // An invoice that charges and credits nothing is not shown.
  const { minor, give } = agreement.waiting
  if (agreement.isBilled && (minor !== 0 || give !== 0)) {
    ask(customer, issueInvoice(customer, 'subscription_update', agreement.waiting))
    agreement.waiting = exactly(0)
  }
  sendLetter(customer, agreement, 'resumed')
}

export function resume(order: Order, endsAt: number | undefined): Verdict {
  const { customer, agreement, at } = order
  const { pausedAt } = agreement
  if (!isOneOf(agreement, 'paused')) return NOT_ALLOWED
  if (pausedAt !== null && pausedAt.from < agreement.period.end) {
    continueAfterPause(order, { pausedAt, endsAt })
    return DONE
  }
  const price = priceOf(agreement.choice)
  const billed = net(agreement, price, at.from)
  const made = issueInvoice(
    customer,
    'subscription_update',
    plus(exactly(billed), agreement.waiting),
  )
  spend(agreement, price, made, at.from)
  agreement.waiting = exactly(0)
  if (ask(customer, made) === 'not_paid') {
    const until = at.to + AWAIT_MS
    agreement.pending = {
      kind: 'awaiting_payment',
      choice: agreement.choice,
      at: until,
      invoice: made,
    }
    sendFailureLetter(customer, agreement)
    return DONE
  }
  agreement.status = 'active'
  beginPeriod(agreement, at, billed)
  sendLetter(customer, agreement, 'resumed')
  return DONE
}
