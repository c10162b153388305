import type { Payment } from '../acts.ts'
import { DAY, HOUR } from './calendar.ts'
import { offerOf, type Slug } from './catalogue.ts'
import { ask, beginCounting, beginPeriod, bill } from './billing.ts'
import { tell } from './mails.ts'
import {
  exactly,
  liveOf,
  newAgreement,
  type Agreement,
  type Between,
  type Person,
} from './person.ts'
import type { Verdict } from './verdict.ts'

/** How long a page stays open in the world of a life. */
const PAGE_MS = HOUR

/** `POST /subscriptions/checkout`, and what its person does on the page. */
export function buy(
  person: Person,
  { plan, payment }: { readonly plan: Slug; readonly payment: Payment },
  at: Between,
): Verdict {
  const live = liveOf(person)
  const { price, trialDays, months } = offerOf(plan)
  const isFree = live === null || (live.status === 'active' && !live.isBilled)
  if (live !== null && !isFree && live.status !== 'incomplete')
    return { code: 'subscription_exists' }
  if (price === 0) {
    // The same free plan again is what they have.
    if (live?.status === 'active') return { code: null }
    const begun = newAgreement(plan)
    person.agreement = begun
    begun.status = 'active'
    beginPeriod(begun, at, months)
    tell(person, begun, 'confirmed')
    return { code: null }
  }
  const agreement = live ?? newAgreement(plan)
  person.agreement = agreement
  if (payment === 'leaves' || payment === 'declined') {
    agreement.page = { plan, until: at.from + PAGE_MS }
    return { code: null }
  }
  const wasFree = agreement.status === 'active'
  Object.assign(agreement, { plan, isBilled: true, page: null, cancelAt: null, pending: null })
  // The card of the page is a new one, and the customer's from now on.
  person.card = 'succeeds'
  if (trialDays > 0 && !person.hadTrial) beginTrial(person, agreement, at)
  else beginPaid(person, agreement, at)
  if (wasFree && agreement.status === 'active') beginCounting(agreement, at)
  return { code: null }
}

function beginTrial(person: Person, agreement: Agreement, at: Between): void {
  const length = offerOf(agreement.plan).trialDays * DAY
  person.hadTrial = true
  agreement.status = 'trialing'
  agreement.trialEnd = at.from + length
  agreement.anchor = { from: at.from + length, to: at.to + length }
  agreement.period = { start: at.from, end: at.from + length }
  agreement.lines = []
  agreement.isReminded = false
  // Its bill is of nothing, so what Stripe owes is left alone.
  const nothing = bill(person, 'subscription_create', exactly(-person.balance.minor))
  Object.assign(nothing, { due: exactly(0), status: 'paid' })
  tell(person, agreement, 'trialStarted')
}

function beginPaid(person: Person, agreement: Agreement, at: Between): void {
  const { price, months } = offerOf(agreement.plan)
  agreement.status = 'active'
  agreement.trialEnd = null
  beginPeriod(agreement, at, months)
  ask(person, bill(person, 'subscription_create', exactly(price)))
  tell(person, agreement, 'confirmed')
}
