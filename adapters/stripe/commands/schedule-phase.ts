import type Stripe from 'stripe'
import { idOf } from '../reading/ids.ts'

type Phase = Stripe.SubscriptionScheduleUpdateParams.Phase

/**
 * The settings of a subscription, as a phase of its schedule repeats them. Stripe drops discounts, tax rates and thresholds that
 * a phase does not name. An existing discount is named by its own id, so that it keeps its end. Metadata is left out: Stripe
 * merges a phase's into the subscription's, so an old copy would undo a later change.
 *
 * @see https://docs.stripe.com/api/subscription_schedules/update#update_subscription_schedule-phases
 */
export function phaseSettings(
  subscription: Stripe.Subscription,
): Omit<Phase, 'items' | 'start_date' | 'end_date'> {
  const { discounts, collection_method: method, transfer_data: transfer } = subscription
  const { billing_thresholds: thresholds, description, default_tax_rates: rates } = subscription
  const card = idOf(subscription.default_payment_method)
  return {
    collection_method: method,
    ...(discounts.length > 0 && {
      discounts: discounts.map((discount) => ({ discount: idOf(discount) ?? '' })),
    }),
    ...(rates && rates.length > 0 && { default_tax_rates: rates.map(({ id }) => id) }),
    ...invoiceSettings(subscription),
    ...(description !== null && { description }),
    ...(card !== null && { default_payment_method: card }),
    ...(thresholds !== null && { billing_thresholds: thresholdsOf(thresholds) }),
    ...(subscription.automatic_tax.enabled && {
      automatic_tax: { enabled: true, ...liabilityOf(subscription.automatic_tax) },
    }),
    ...(subscription.application_fee_percent !== null && {
      application_fee_percent: subscription.application_fee_percent,
    }),
    ...(transfer !== null && {
      transfer_data: {
        destination: idOf(transfer.destination) ?? '',
        ...(transfer.amount_percent !== null && { amount_percent: transfer.amount_percent }),
      },
    }),
    ...(subscription.on_behalf_of !== null && {
      on_behalf_of: idOf(subscription.on_behalf_of) ?? '',
    }),
  }
}

/** Days until an invoice is due, its own fields, and who issues it. Stripe takes these settings as a whole. */
function invoiceSettings({
  collection_method: method,
  days_until_due: days,
  invoice_settings: { account_tax_ids: taxIds, custom_fields: fields, issuer },
}: Stripe.Subscription): Pick<Phase, 'invoice_settings'> {
  const settings = {
    ...(method === 'send_invoice' && days !== null && { days_until_due: days }),
    ...(taxIds !== null &&
      taxIds.length > 0 && { account_tax_ids: taxIds.map((each) => idOf(each) ?? '') }),
    ...(fields !== null && fields.length > 0 && { custom_fields: fields }),
    ...(issuer.type === 'account' && { issuer: partyOf(issuer) }),
  }
  return Object.keys(settings).length === 0 ? {} : { invoice_settings: settings }
}

/** Another account that is liable for the tax. */
const liabilityOf = ({ liability }: Stripe.Subscription.AutomaticTax) =>
  liability?.type === 'account' ? { liability: partyOf(liability) } : {}

const partyOf = ({ account }: { readonly account?: string | Stripe.Account }) => {
  const id = idOf(account)
  return { type: 'account' as const, ...(id !== null && { account: id }) }
}

/** An item as a phase repeats it. Metered items have no quantity. */
export function phaseItem(item: Stripe.SubscriptionItem): Phase['items'][number] {
  const { price, quantity = 1, metadata, discounts, tax_rates: rates } = item
  const isMetered = price.recurring?.usage_type === 'metered'
  return {
    price: price.id,
    ...(!isMetered && { quantity }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(discounts.length > 0 && {
      discounts: discounts.map((discount) => ({ discount: idOf(discount) ?? '' })),
    }),
    ...(rates !== null && rates.length > 0 && { tax_rates: rates.map(({ id }) => id) }),
    ...(item.billing_thresholds?.usage_gte != null && {
      billing_thresholds: { usage_gte: item.billing_thresholds.usage_gte },
    }),
  }
}

const thresholdsOf = ({
  amount_gte: amount,
  reset_billing_cycle_anchor: resets,
}: Stripe.Subscription.BillingThresholds): NonNullable<Phase['billing_thresholds']> => ({
  ...(amount !== null && { amount_gte: amount }),
  ...(resets !== null && { reset_billing_cycle_anchor: resets }),
})
