import type { Phase } from '../objects/schedule.ts'
import type { Schedule, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { subscriptionTax } from './automatic-tax.ts'
import { claimed, redeem } from './discounts.ts'

/**
 * The effect of a phase on its subscription, beside the items. Discounts and tax rates are the phase's alone: a phase without
 * them drops those of the subscription. Other settings that a phase leaves out are the schedule's defaults.
 *
 * @see https://docs.stripe.com/billing/subscriptions/subscription-schedules
 */
export function phaseSettings(
  step: Step,
  subscription: Subscription,
  { schedule, phase }: { readonly schedule: Schedule; readonly phase: Phase },
): Partial<Subscription> {
  const { default_settings: defaults } = schedule
  const collection = phase.collection_method ?? defaults.collection_method
  const days =
    phase.invoice_settings?.days_until_due ?? defaults.invoice_settings.days_until_due ?? null
  return {
    ...(phase.automatic_tax && { automatic_tax: subscriptionTax(phase.automatic_tax.enabled) }),
    ...(collection !== null && { collection_method: collection }),
    days_until_due: collection === 'send_invoice' ? days : null,
    default_payment_method: phase.default_payment_method ?? defaults.default_payment_method,
    default_tax_rates: phase.default_tax_rates ?? [],
    description: phase.description ?? defaults.description,
    discounts: phase.discounts.flatMap((each, index) =>
      discountOf(step, subscription, { each, at: `phases[discounts][${index}]` }),
    ),
    metadata: { ...subscription.metadata, ...phase.metadata },
  }
}

type Claim = { readonly each: Phase['discounts'][number]; readonly at: string }

/** An existing discount keeps its end; a coupon begins a new one, unless the subscription has it now. */
function discountOf(step: Step, subscription: Subscription, { each, at }: Claim): string[] {
  if (each.discount !== null) return [each.discount]
  const held = subscription.discounts.find(
    (id) => each.coupon !== null && step.find('discounts', id)?.source.coupon === each.coupon,
  )
  if (held !== undefined) return [held]
  const claim = {
    coupon: each.coupon ?? undefined,
    promotion_code: each.promotion_code ?? undefined,
  }
  const place = {
    customer: subscription.customer,
    subscription: subscription.id,
    checkoutSession: null,
  }
  return [redeem(step, claimed(step, claim, { at, customer: subscription.customer }), place).id]
}
