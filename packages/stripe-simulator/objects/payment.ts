import type {
  Charge,
  Invoice,
  InvoicePayment,
  PaymentIntent,
  PaymentMethod,
} from '../store/stored.ts'
import { newId } from '../store/ids.ts'

/**
 * A payment of what remains due, which waits for a method.
 * @see https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export function newPaymentIntent(
  invoice: Pick<Invoice, 'amount_remaining' | 'currency' | 'customer'>,
  created: number,
): PaymentIntent {
  const id = newId('pi')
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: invoice.amount_remaining,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_${newId('secret')}`,
    confirmation_method: 'automatic',
    created,
    currency: invoice.currency,
    customer: invoice.customer,
    customer_account: null,
    description: 'Subscription creation',
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: 'off_session',
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  }
}

/** The open link between an invoice and its payment. */
export function newInvoicePayment(invoice: Invoice, intent: PaymentIntent): InvoicePayment {
  return {
    id: newId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: intent.amount,
    created: intent.created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  }
}

/** A bank's refusal: `code` and `declineCode` as in Stripe's errors, with its words. */
export type Declined = {
  readonly code: string
  readonly declineCode: string
  readonly message: string
}

/** One use of a payment method: captured in full, or failed for the reason in `declined`. */
export function newCharge(
  intent: PaymentIntent,
  method: PaymentMethod,
  { created, declined }: { readonly created: number; readonly declined: Declined | null },
): Charge {
  const paid = declined === null
  return {
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: paid ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: paid ? newId('txn') : null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'PERENNIAL',
    captured: paid,
    created,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: declined?.code ?? null,
    failure_message: declined?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    outcome: outcomeOf(declined),
    paid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: paid ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: null,
  }
}

function outcomeOf(declined: Declined | null): Charge['outcome'] {
  return {
    advice_code: declined === null ? null : 'try_again_later',
    network_advice_code: null,
    network_decline_code: declined === null ? null : '05',
    network_status: declined === null ? 'approved_by_network' : 'declined_by_network',
    reason: declined?.declineCode ?? null,
    risk_level: 'normal',
    risk_score: 20,
    seller_message: declined?.message ?? 'Payment complete.',
    type: declined === null ? 'authorized' : 'issuer_declined',
  }
}
