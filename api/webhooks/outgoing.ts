import { z, type OpenAPIHono } from '@hono/zod-openapi'
import { STATUSES } from '../../domain/subscription/subscription.ts'
import { WEBHOOK_TYPES, type WebhookType } from '../../domain/webhook/webhook.ts'
import { jsonBody } from '../json.ts'
import { subscriptionSchema } from '../subscriptions/view.ts'

const instant = z.iso.datetime()
const minor = z.int().describe('In minor units.')

/** What every event tells. */
const dataSchema = z.object({
  sequence: z
    .int()
    .describe(
      'Of the subscription’s timeline: what has a lower one than the last you took over is older.',
    ),
  subscription_id: z.uuid(),
  user_id: z.string().describe('The application’s own id of the user.'),
  actor: z.enum(['user', 'stripe', 'time', 'operator']),
  cause: z.string().describe('For people.'),
  previous: z
    .object({
      status: z.enum(STATUSES),
      plan: z.string(),
      version: z.int(),
      quantity: z.int(),
    })
    .nullable()
    .describe('As it was before; null where nothing was.'),
  subscription: subscriptionSchema.describe('As it was just after.'),
})

const invoiceSchema = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    status: z.string(),
    reason: z.string(),
    currency: z.string(),
    amount_due_minor: minor,
    amount_paid_minor: minor,
    amount_refunded_minor: minor,
    amount_credited_minor: minor,
    attempt_count: z.int(),
    next_payment_attempt: instant.nullable(),
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

const dataOf = (type: WebhookType) => {
  if (type.startsWith('invoice.')) return dataSchema.extend({ invoice: invoiceSchema })
  if (type === 'quota.threshold_reached') return dataSchema.extend({ quota: quotaSchema })
  return dataSchema
}

/** The body of an event, by its type. */
export const bodyOf = (type: WebhookType) =>
  z.object({ type: z.literal(type), timestamp: instant, data: dataOf(type) })

const headers = z.object({
  'webhook-id': z.string().describe('Names the fact: what comes twice has the same one.'),
  'webhook-timestamp': z.string().describe('When it was sent, in seconds since 1970.'),
  'webhook-signature': z
    .string()
    .describe('`v1,<signature>`; several, separated by blanks, while a secret is replaced.'),
})

/** Puts each type into the document's `webhooks`. */
export function documentWebhooks(registry: OpenAPIHono['openAPIRegistry']): void {
  for (const type of WEBHOOK_TYPES)
    registry.registerWebhook({
      method: 'post',
      path: type,
      tags: ['Events'],
      summary: MEANINGS[type],
      security: [],
      request: { headers, body: jsonBody(bodyOf(type)) },
      responses: { '2XX': { description: 'Taken in. Anything else is tried again.' } },
    })
}

/** What each type says happened. */
export const MEANINGS: Record<WebhookType, string> = {
  'subscription.created': 'A subscription has come to be: a page was opened, or it began at once.',
  'checkout.opened': 'A page to pay on was opened.',
  'checkout.expired': 'The page closed unpaid; the subscription stays as it was.',
  'subscription.imported': 'It was made at Stripe, and is known here from now on.',
  'subscription.activated': 'It runs: bought, begun for free, or converted from a trial.',
  'subscription.trial_started': 'A trial began.',
  'subscription.trial_extended': 'The end of the trial was moved.',
  'subscription.trial_ending': 'The trial ends in three days.',
  'subscription.renewed': 'A new period began.',
  'subscription.past_due':
    'The bill of a renewal was declined. Access goes on for the days of grace.',
  'subscription.recovered': 'It was paid after all.',
  'subscription.access_ended': 'The days of grace are over: features may not be used.',
  'subscription.plan_changed': 'Another plan, or another version of it, is in force.',
  'subscription.plan_change_scheduled': 'Another plan follows at the end of the period.',
  'subscription.plan_change_awaits_payment': 'Another plan follows once it is paid.',
  'subscription.plan_change_withdrawn': 'The scheduled change was taken back.',
  'subscription.plan_change_lapsed': 'The change was not paid in time, and is forgotten.',
  'subscription.quantity_changed': 'More or fewer of the plan, such as seats.',
  'subscription.cancellation_scheduled': 'It ends at `cancel_at`.',
  'subscription.cancellation_withdrawn': 'It goes on after all.',
  'subscription.paused': 'It stands still: no access, no bills.',
  'subscription.resumed': 'It goes on after a pause.',
  'subscription.updated': 'Its status changed in a way that has no name of its own.',
  'subscription.expired': 'It was never paid, and is over.',
  'subscription.canceled': 'It is over.',
  'quota.threshold_reached': 'Usage reached a part of its quota that somebody wants to hear of.',
  'quota.granted': 'An operator granted more of a feature.',
  'invoice.paid': 'A bill was paid.',
  'invoice.payment_failed': 'An attempt to collect a bill was declined.',
  'invoice.payment_action_required': 'The customer has to confirm a payment.',
  'invoice.refunded': 'Money of a bill went back.',
  'invoice.refund_failed': 'Money that was on its way back did not arrive.',
  'invoice.credited': 'A credit note took a part of a bill back.',
  'invoice.dispute_opened': 'A bank was asked to take a payment back.',
  'invoice.dispute_closed': 'The bank has decided.',
}
