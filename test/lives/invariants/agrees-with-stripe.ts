import { compareSubscription } from '../../../sync/reconciliation/comparison.ts'
import type { Invariant } from './all.ts'

const EXPANDED = ['data.customer', 'data.schedule', 'data.latest_invoice', 'data.discounts']

/** Each subscription has the same state here as at Stripe. */
export const agreesWithStripe: Invariant = async ({ container, stripe, clock }, residents) => {
  const broken: string[] = []
  for (const { user, email } of residents) {
    const customer = (await stripe.customers.list({ email, limit: 1 })).data[0]?.id
    if (customer === undefined) continue
    const { data } = await stripe.subscriptions.list({ customer, limit: 1, expand: EXPANDED })
    for (const each of data) {
      const as = { isRecovery: false, at: clock.now() }
      const drift = await compareSubscription({ ...container, stripe }, each, as)
      if (drift !== null) broken.push(`${user}: ${JSON.stringify(drift)}`)
    }
  }
  return broken
}
