import type Stripe from 'stripe'
import type { NetTerms } from '../../../domain/invoice/net-terms.ts'
import { keyed, type StripeContext, type SubscriptionTarget } from './context.ts'

/** How the invoices of a subscription are collected; null charges them automatically. */
export type CollectionChange = SubscriptionTarget & {
  readonly terms: NetTerms | null
  /** This change leaves our row as it is, so two of them have the same generation. */
  readonly commandId: string
}

/** The name of the field on an invoice. Other fields belong to others, and stay. */
const PO_NUMBER = 'PO number'

/**
 * Has Stripe send later invoices with a due date, or charge them automatically again. Running it twice changes nothing more.
 *
 * @see https://docs.stripe.com/billing/collection-method
 */
export async function changeCollection(
  context: StripeContext,
  { subscriptionId: subject, stripeSubscriptionId, generation, terms, commandId }: CollectionChange,
): Promise<void> {
  const { stripe } = context
  const { invoice_settings: settings } = await stripe.subscriptions.retrieve(stripeSubscriptionId)
  await stripe.subscriptions.update(
    stripeSubscriptionId,
    {
      ...(terms === null
        ? { collection_method: 'charge_automatically' }
        : { collection_method: 'send_invoice', days_until_due: terms.daysUntilDue }),
      invoice_settings: { custom_fields: fieldsWith(settings, terms?.poNumber ?? null) },
    },
    keyed(context, { subject, command: `collection-${commandId}`, generation }),
  )
}

function fieldsWith(
  { custom_fields: held }: Stripe.Subscription.InvoiceSettings,
  poNumber: string | null,
): Stripe.Emptyable<Stripe.SubscriptionUpdateParams.InvoiceSettings.CustomField[]> {
  const others = (held ?? []).filter(({ name }) => name !== PO_NUMBER)
  const fields = poNumber === null ? others : [{ name: PO_NUMBER, value: poNumber }, ...others]
  return fields.length === 0 ? '' : fields
}

/** Whether the customer gets invoices to pay, and nothing is charged automatically. */
export async function sendsInvoices(
  { stripe }: StripeContext,
  stripeSubscriptionId: string,
): Promise<boolean> {
  const found = await stripe.subscriptions.retrieve(stripeSubscriptionId)
  return found.collection_method === 'send_invoice'
}
