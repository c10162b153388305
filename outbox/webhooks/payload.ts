import { Webhook } from 'standardwebhooks'
import type { PlanRepository } from '../../domain/catalogue/plan-repository.ts'
import type { WebhookEvent } from '../../domain/webhook/repository.ts'
import { viewOfSubscription } from '../../domain/subscription/view.ts'

/**
 * The body of a webhook. It is built from what was committed with the change, so each attempt sends the same, even after later
 * changes. Only `version_on_sale` is current.
 */
export async function payloadOf(event: WebhookEvent, plans: PlanRepository): Promise<object> {
  const { subscription, before } = event
  const planBefore = before && (await plans.getVersion(before.planVersionId))
  return {
    type: event.type,
    timestamp: event.at.toISOString(),
    data: {
      sequence: event.sequence,
      subscription_id: subscription.id,
      user_id: subscription.userId,
      actor: event.actor,
      cause: event.cause,
      previous: before &&
        planBefore && {
          status: before.status,
          plan: planBefore.slug,
          version: planBefore.version,
          quantity: before.quantity,
        },
      subscription: await viewOfSubscription(subscription, plans, event.at),
      ...event.about,
    },
  }
}

/**
 * Signs a message with each secret.
 *
 * @returns the headers and body to post
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signed(
  message: { readonly id: string; readonly payload: object; readonly at: Date },
  secrets: readonly string[],
): { readonly headers: Record<string, string>; readonly body: string } {
  const { id, at } = message
  const body = JSON.stringify(message.payload)
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body))
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Perennial-Webhooks',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': signatures.join(' '),
    },
  }
}
