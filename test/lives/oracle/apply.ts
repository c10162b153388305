import type { Act } from '../acts.ts'
import { recover } from './billing.ts'
import { sendLetter } from './mails.ts'
import {
  cancel,
  change,
  endLater,
  stay,
  endTrial,
  extendTrial,
  keep,
  migrate,
  unchange,
} from './commands.ts'
import { pause, resume } from './pause.ts'
import { liveOf, type Between, type Customer } from './customer.ts'
import { buy } from './purchase.ts'
import { grant, hold, openWindows, rush, use } from './quota.ts'
import type { Verdict } from './verdict.ts'

/** There is no live subscription for the act. */
const NOBODY: Verdict = { code: 'subscription_over' }
const DONE: Verdict = { code: null }

/** When an act happened, and the instants that its answer contains. */
export type Moment = Between & {
  readonly proratedAt?: number | undefined
  readonly endsAt?: number | undefined
}

/** Applies an act to the expected state and returns the expected answer. */
export function apply(customer: Customer, act: Act, at: Moment): Verdict {
  switch (act.kind) {
    case 'buy':
      return buy(customer, act, at)
    case 'use':
      return { code: null, decision: use(customer, act.feature, act.amount, at.from) }
    case 'rush':
      return { code: null, served: rush(customer, act, at.from) }
    case 'hold':
      return { code: null, decision: hold(customer, act, at.from) }
    case 'grant':
      grant(customer, act.feature, act.amount)
      return DONE
    case 'card':
      if (customer.invoices.length > 0) customer.card = act.card
      return DONE
    case 'refund':
    case 'dispute':
      return moneyBack(customer, act.kind)
    case 'cancel':
    case 'keep':
    case 'change':
    case 'unchange':
    case 'pause':
    case 'resume':
    case 'end_trial':
    case 'extend_trial':
    case 'pay_invoice':
    case 'migrate':
    case 'at_dashboard':
      return ofLive(customer, act, at)
  }
}

function moneyBack(customer: Customer, kind: 'refund' | 'dispute'): Verdict {
  const paid = latestPaid(customer)
  if (paid === undefined) return DONE
  if (kind === 'refund') {
    paid.refunded = true
    if (customer.agreement !== null) sendLetter(customer, customer.agreement, 'refunded')
  } else paid.dispute = 'open'
  return DONE
}

/** The latest paid invoice without a refund or dispute. */
export const latestPaid = ({ invoices }: Customer) =>
  invoices.findLast(
    ({ status, due, refunded, dispute }) =>
      status === 'paid' && due.minor > 0 && !refunded && dispute === 'none',
  )

type OfLive = Exclude<
  Act,
  { kind: 'buy' | 'use' | 'rush' | 'hold' | 'grant' | 'card' | 'refund' | 'dispute' }
>

function ofLive(customer: Customer, act: OfLive, at: Moment): Verdict {
  const agreement = liveOf(customer)
  if (agreement === null) return isOutside(act) ? DONE : NOBODY
  openWindows(agreement, at.from)
  const order = { customer, agreement, at }
  switch (act.kind) {
    case 'cancel':
      return cancel(order, act.when)
    case 'keep':
      return keep(order)
    case 'change':
      return change(order, act, at.proratedAt)
    case 'migrate':
      return migrate(order, act.when)
    case 'unchange':
      return unchange(order)
    case 'pause':
      return pause(order)
    case 'resume':
      return resume(order, at.endsAt)
    case 'end_trial':
      return endTrial(order)
    case 'extend_trial':
      return extendTrial(order, at.endsAt ?? 0)
    case 'pay_invoice':
      return payInvoice(order)
    case 'at_dashboard':
      return atDashboard(order, act.what)
  }
}

/** Acts at Stripe, at the bank or by an operator, which have no answer from our API. */
const isOutside = ({ kind }: Act) =>
  kind === 'at_dashboard' || kind === 'pay_invoice' || kind === 'migrate'

type Order = Parameters<typeof cancel>[0]

/** The customer pays with a card that works. */
function payInvoice({ customer, agreement }: Order): Verdict {
  customer.card = 'succeeds'
  if (agreement.status !== 'past_due') return DONE
  const open = customer.invoices.findLast(({ status }) => status === 'open')
  if (open === undefined) return DONE
  Object.assign(open, { status: 'paid', nextAt: null })
  recover(agreement)
  sendLetter(customer, agreement, open.endsTrial ? 'converted' : 'renewed')
  return DONE
}

function atDashboard(order: Order, what: Extract<Act, { kind: 'at_dashboard' }>['what']): Verdict {
  const { customer, agreement } = order
  // Free plans are not at Stripe, and acts in the dashboard release no schedule.
  if (!agreement.isBilled || agreement.pending !== null) return DONE
  if (what === 'ends') return cancel(order, 'now')
  if (agreement.status === 'paused') return DONE
  if (what === 'plans_end') {
    if (agreement.cancelAt === null) agreement.aside = null
    endLater(customer, agreement)
  } else if (agreement.cancelAt !== null) stay(order)
  return DONE
}
