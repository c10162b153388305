import { userId } from '../ids.ts'
import type { StripeSnapshot } from '../stripe/snapshot.ts'
import type { Subscription } from '../subscription/subscription.ts'
import type { DecisionFacts } from './facts.ts'
import type { Rule } from './rule.ts'

const NOBODY = userId('unrecorded')

type Personal = Pick<DecisionFacts, 'before' | 'rule'> & { readonly after?: Subscription }

/**
 * The facts without what leads to a person: the user's id and e-mail, pages that show a name to anybody who has their
 * address, and names that were typed at Stripe. No rule reads them. The subscription's row still names its user.
 */
export const withoutPersonalData = <Facts extends Personal>(facts: Facts): Facts => ({
  ...facts,
  before: impersonal(facts.before),
  ...(facts.after && { after: impersonal(facts.after) }),
  rule: impersonalRule(facts.rule),
})

const impersonal = <Any extends Subscription>(subscription: Any): Any => ({
  ...subscription,
  userId: NOBODY,
  checkout: subscription.checkout && { ...subscription.checkout, url: '' },
  pendingChange: subscription.pendingChange && { ...subscription.pendingChange, paymentUrl: null },
  foreignItems: subscription.foreignItems.map((each) => ({ ...each, productName: null })),
})

function impersonalRule(rule: Rule): Rule {
  if (rule.name === 'checkout_opened') return { ...rule, checkout: { ...rule.checkout, url: '' } }
  if (rule.name !== 'stripe_snapshot') return rule
  const { pendingChange } = rule.assume
  return {
    ...rule,
    snapshot: impersonalSnapshot(rule.snapshot),
    ...(pendingChange && {
      assume: { ...rule.assume, pendingChange: { ...pendingChange, paymentUrl: null } },
    }),
  }
}

function impersonalSnapshot({ session, subscription }: StripeSnapshot): StripeSnapshot {
  const known = session && { ...session, email: null }
  if (subscription?.kind !== 'present') return { session: known, subscription }
  const { latestInvoice, awaitingPayment, foreignItems } = subscription
  return {
    session: known,
    subscription: {
      ...subscription,
      latestInvoice: latestInvoice && { ...latestInvoice, hostedUrl: null },
      awaitingPayment: awaitingPayment && { ...awaitingPayment, paymentUrl: null },
      foreignItems: foreignItems.map((each) => ({ ...each, productName: null })),
    },
  }
}
