import { z, type OpenAPIHono } from '@hono/zod-openapi'
import { STATUSES } from '../../domain/subscription/subscription.ts'
import { WEBHOOK_TYPES, type WebhookType } from '../../domain/webhook/webhook.ts'
import { invoiceSums } from '../invoices/list.ts'
import { jsonBody } from '../json.ts'
import { subscriptionSchema } from '../subscriptions/view.ts'

const instant = z.iso.datetime()
const minor = z.int().describe('In minor units.')

/** The `data` of every event. */
const dataSchema = z.object({
  sequence: z
    .int()
    .describe(
      'The position in the subscription’s timeline. Ignore an event with a lower sequence than the last one that you have applied.',
    ),
  subscription_id: z.uuid(),
  user_id: z.string().describe('The user’s id in your application.'),
  actor: z.enum(['user', 'stripe', 'time', 'operator']),
  cause: z.string().describe('A description for people.'),
  previous: z
    .object({
      status: z.enum(STATUSES),
      plan: z.string(),
      version: z.int(),
      quantity: z.int(),
    })
    .nullable()
    .describe('The subscription before the event; null for a new one.'),
  subscription: subscriptionSchema.describe('The subscription after the event.'),
})

const invoiceSchema = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    status: z.string(),
    reason: z.string(),
    currency: z.string(),
    ...invoiceSums,
    amount_due_minor: minor,
    amount_paid_minor: minor,
    amount_refunded_minor: minor,
    amount_credited_minor: minor,
    attempt_count: z.int(),
    next_payment_attempt: instant.nullable(),
    due_at: instant
      .nullable()
      .describe(
        'When an invoice that was sent has to be paid; null if it is charged automatically.',
      ),
    hosted_url: z.url().nullable(),
    dispute_status: z.string().nullable(),
  })
  .openapi('WebhookInvoice')

const quotaSchema = z
  .object({
    feature: z.string(),
    threshold_percent: z.int(),
    used_amount: z.int(),
    quota_limit: z.int(),
    resets_at: instant.nullable(),
  })
  .openapi('WebhookQuota')

const customerDetailsSchema = z
  .object({ email: z.string().nullable(), name: z.string().nullable() })
  .openapi('WebhookCustomer')

const dataOf = (type: WebhookType) => {
  if (type.startsWith('invoice.')) return dataSchema.extend({ invoice: invoiceSchema })
  if (type === 'customer.updated') return dataSchema.extend({ customer: customerDetailsSchema })
  if (type === 'quota.threshold_reached') return dataSchema.extend({ quota: quotaSchema })
  return dataSchema
}

/** The body of an event of a type. */
export const bodyOf = (type: WebhookType) =>
  z.object({ type: z.literal(type), timestamp: instant, data: dataOf(type) })

const headers = z.object({
  'webhook-id': z.string().describe('Identifies the event. A repeated delivery has the same id.'),
  'webhook-timestamp': z.string().describe('When the event was sent, in seconds since 1970.'),
  'webhook-signature': z
    .string()
    .describe('`v1,<signature>`; several, separated by spaces, while a secret is rotated.'),
})

/**
 * Adds each type of event to the `webhooks` of the OpenAPI document.
 * @see https://www.standardwebhooks.com
 */
export function documentWebhooks(registry: OpenAPIHono['openAPIRegistry']): void {
  for (const type of WEBHOOK_TYPES)
    registry.registerWebhook({
      method: 'post',
      path: type,
      tags: ['Events'],
      summary: MEANINGS[type],
      security: [],
      request: { headers, body: jsonBody(bodyOf(type)) },
      responses: {
        '2XX': { description: 'Acknowledged. After any other response the event is sent again.' },
      },
    })
}

/** The meaning of each type of event. */
export const MEANINGS: Record<WebhookType, string> = {
  'subscription.created':
    'A subscription was created: a checkout was opened, or a free plan started.',
  'checkout.opened': 'A checkout page was opened.',
  'checkout.expired': 'A checkout page expired without payment. The subscription is unchanged.',
  'subscription.imported': 'A subscription was imported from Stripe.',
  'subscription.activated':
    'A subscription became active: by payment, as a free plan, or after a trial.',
  'subscription.trial_started': 'A trial started.',
  'subscription.trial_extended': 'The end of a trial was changed.',
  'subscription.trial_ending': 'A trial ends in three days.',
  'subscription.renewed': 'A new period began.',
  'subscription.past_due': 'The payment of a renewal failed. Access continues for the grace days.',
  'subscription.recovered': 'An overdue payment succeeded.',
  'subscription.access_ended': 'The grace days have ended, and with them the user’s access.',
  'subscription.plan_changed': 'The plan or its version has changed.',
  'subscription.plan_change_scheduled': 'A plan change is scheduled for the end of the period.',
  'subscription.plan_change_awaits_payment': 'A plan change takes effect when it is paid.',
  'subscription.plan_change_withdrawn': 'A pending plan change was withdrawn.',
  'subscription.plan_change_lapsed': 'A plan change was not paid in time and is dropped.',
  'subscription.plan_change_dropped':
    'A cancellation was withdrawn, and the plan change before it cannot return.',
  'subscription.quantity_changed': 'The quantity has changed, such as the number of seats.',
  'subscription.addons_changed': 'The add-ons or their quantities have changed.',
  'subscription.cancellation_scheduled': 'The subscription is scheduled to end at `cancel_at`.',
  'subscription.cancellation_withdrawn': 'A scheduled cancellation was withdrawn.',
  'subscription.paused': 'The subscription was paused. It has no access and no invoices.',
  'subscription.resumed': 'A paused subscription was resumed.',
  'subscription.updated': 'The status has changed in another way.',
  'subscription.expired': 'A subscription ended without its first payment.',
  'subscription.canceled': 'The subscription has ended.',
  'customer.updated': 'The e-mail address or name of the customer was changed over the API.',
  'quota.threshold_reached': 'Usage has reached an alert threshold of a quota.',
  'quota.granted': 'An operator has granted more of a feature.',
  'invoice.paid': 'An invoice was paid.',
  'invoice.payment_failed': 'A payment of an invoice failed.',
  'invoice.payment_action_required': 'The customer must confirm a payment.',
  'invoice.refunded': 'A payment of an invoice was refunded.',
  'invoice.refund_failed': 'A refund failed.',
  'invoice.credited': 'A credit note was issued for an invoice.',
  'invoice.dispute_opened': 'A payment was disputed.',
  'invoice.dispute_closed': 'A dispute was closed.',
}
