import type { Plant } from '../play.ts'

/** A pause credits the unused time, whatever was used of the quota. */
export const creditedPause: Plant = ({ container, stripe }) => {
  const pause: typeof container.stripe.pause = async ({ stripeSubscriptionId }) => {
    const { status } = await stripe.subscriptions.retrieve(stripeSubscriptionId)
    if (status === 'paused') return
    await stripe.subscriptions.pause(stripeSubscriptionId, {
      type: 'subscription',
      bill_for: { unused_time_from: { type: 'now' }, outstanding_usage_through: { type: 'now' } },
      invoicing_behavior: 'pending_invoice_item',
    })
  }
  Object.assign(container.stripe, { pause })
}
