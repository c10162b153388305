import type { Act } from '../acts.ts'
import { DAY } from './calendar.ts'
import { offerOf, type Slug } from './catalogue.ts'
import {
  ask,
  AWAIT_MS,
  beginCounting,
  beginPeriod,
  bill,
  changePlan,
  end,
  leaveStripe,
  tellFailure,
  unused,
} from './billing.ts'
import { tell } from './mails.ts'
import { exactly, plus, type Agreement, type Between, type Person } from './person.ts'
import type { Verdict } from './verdict.ts'

const DONE: Verdict = { code: null }
const NOT_ALLOWED: Verdict = { code: 'move_not_allowed' }
const NOTHING: Verdict = { code: 'nothing_to_withdraw' }

const isOneOf = ({ status }: Agreement, ...allowed: Agreement['status'][]) =>
  allowed.includes(status)

type Order = { readonly person: Person; readonly agreement: Agreement; readonly at: Between }

/** What was pending gives way to what is newer. */
function dropPending({ agreement }: Order): void {
  const { pending } = agreement
  if (pending?.bill) pending.bill.status = 'void'
  agreement.pending = null
}

export function cancel(order: Order, when: 'now' | 'period_end'): Verdict {
  const { person, agreement } = order
  dropPending(order)
  // Nothing began yet: its page is closed, and there is nothing to tell of.
  if (agreement.status === 'incomplete') {
    agreement.page = null
    agreement.status = 'incomplete_expired'
    return DONE
  }
  // A pause may last longer than what was paid for.
  const isPast = agreement.status === 'paused' && agreement.period.end <= order.at.from
  if (when === 'now' || isPast) end(person, agreement)
  else agreement.cancelAt = agreement.period.end
  return DONE
}

export function keep({ agreement }: Order): Verdict {
  if (!isOneOf(agreement, 'trialing', 'active', 'past_due')) return NOT_ALLOWED
  if (agreement.cancelAt === null) return NOTHING
  agreement.cancelAt = null
  return DONE
}

export function change(
  order: Order,
  { plan, when }: Extract<Act, { kind: 'change' }>,
  reckonedAt: number | undefined,
): Verdict {
  const { agreement } = order
  if (!isOneOf(agreement, 'trialing', 'active')) return NOT_ALLOWED
  if (agreement.plan === plan) return { code: 'plan_unchanged' }
  if (!agreement.isBilled) return { code: 'checkout_required' }
  const isNow = when === 'now' || agreement.status === 'trialing'
  dropPending(order)
  if (plan === 'plan_free') return toFree(order, isNow)
  if (isNow) return changeNow(order, plan, reckonedAt ?? order.at.from)
  agreement.cancelAt = null
  agreement.pending = { kind: 'scheduled', plan, at: agreement.period.end, bill: null }
  return DONE
}

function toFree({ person, agreement, at }: Order, isNow: boolean): Verdict {
  if (isNow) leaveStripe(person, agreement, at)
  else {
    agreement.cancelAt = null
    agreement.pending = {
      kind: 'scheduled',
      plan: 'plan_free',
      at: agreement.period.end,
      bill: null,
    }
  }
  return DONE
}

function changeNow(order: Order, plan: Slug, asOf: number): Verdict {
  const { person, agreement, at } = order
  const { price, months } = offerOf(plan)
  if (agreement.status === 'trialing') {
    agreement.cancelAt = null
    changePlan(person, agreement, plan)
    return DONE
  }
  const opens = months !== offerOf(agreement.plan).months
  const credit = exactly(unused(agreement, { from: asOf, to: asOf }).minor)
  const left = agreement.period.end - asOf
  const length = agreement.period.end - agreement.period.start
  const debit = opens ? price : Math.round((price * left) / length)
  // In the last moments of a period nothing is left to be paid for or given back.
  if (!opens && credit.minor === 0 && debit === 0) {
    agreement.cancelAt = null
    changePlan(person, agreement, plan)
    return DONE
  }
  const total = plus(plus(credit, exactly(debit)), agreement.waiting)
  agreement.waiting = exactly(0)
  const made = bill(person, 'subscription_update', total)
  if (ask(person, made) === 'not_paid') {
    agreement.pending = { kind: 'awaiting_payment', plan, at: at.to + AWAIT_MS, bill: made }
    tellFailure(person, agreement)
    return DONE
  }
  agreement.cancelAt = null
  changePlan(person, agreement, plan)
  if (opens) beginPeriod(agreement, at, months)
  else
    agreement.lines = [
      ...agreement.lines,
      { amount: credit.minor, from: asOf },
      { amount: debit, from: asOf },
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

export function pause(order: Order): Verdict {
  const { person, agreement, at } = order
  if (!isOneOf(agreement, 'active')) return NOT_ALLOWED
  dropPending(order)
  agreement.cancelAt = null
  agreement.status = 'paused'
  if (agreement.isBilled) agreement.waiting = plus(agreement.waiting, unused(agreement, at))
  tell(person, agreement, 'paused')
  return DONE
}

export function resume({ person, agreement, at }: Order): Verdict {
  if (!isOneOf(agreement, 'paused')) return NOT_ALLOWED
  if (!agreement.isBilled) {
    agreement.status = 'active'
    tell(person, agreement, 'resumed')
    return DONE
  }
  const { price, months } = offerOf(agreement.plan)
  const made = bill(person, 'subscription_update', plus(exactly(price), agreement.waiting))
  agreement.waiting = exactly(0)
  if (ask(person, made) === 'not_paid') {
    const until = at.to + AWAIT_MS
    agreement.pending = { kind: 'awaiting_payment', plan: agreement.plan, at: until, bill: made }
    tellFailure(person, agreement)
    return DONE
  }
  agreement.status = 'active'
  beginPeriod(agreement, at, months)
  tell(person, agreement, 'resumed')
  return DONE
}

export function endTrial({ person, agreement, at }: Order): Verdict {
  if (!isOneOf(agreement, 'trialing')) return NOT_ALLOWED
  const { price, months } = offerOf(agreement.plan)
  const made = bill(person, 'subscription_update', exactly(price))
  if (ask(person, made) === 'not_paid') {
    const until = at.to + AWAIT_MS
    agreement.pending = { kind: 'awaiting_payment', plan: agreement.plan, at: until, bill: made }
    tellFailure(person, agreement)
    return DONE
  }
  agreement.status = 'active'
  agreement.trialEnd = null
  beginPeriod(agreement, at, months)
  beginCounting(agreement, at)
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
