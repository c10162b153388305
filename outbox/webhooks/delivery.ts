import type { PlanRepository } from '../../domain/catalogue/plan-repository.ts'
import { judge, reasonToDisable, type Attempt } from '../../domain/webhook/delivery.ts'
import type { ClaimedDelivery, WebhookRepository } from '../../domain/webhook/repository.ts'
import type { Logger } from '../../adapters/telemetry/logger.ts'
import { watchDelivery, type Sent } from '../../adapters/telemetry/deliveries.ts'
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts'
import { payloadOf, signed } from './payload.ts'
import { ANSWER_TIMEOUT_MS, type WebhookAnswer } from '../../adapters/webhooks/post.ts'
import type { WebhookSending } from './sending.ts'

/** Longer than an attempt may take, so no two processes send one event; the event that a process died over waits for it. */
const LEASE_MS = 2 * ANSWER_TIMEOUT_MS
/** What one endpoint is sent at a time by one process. A receiver that is slow for one subscription has these to itself. */
const LANES = 8
/** One round sends at most this many in each lane; the next round sends the rest. */
const ROUND_MAX = 200

export type WebhookDeliveries = {
  readonly webhooks: WebhookRepository
  readonly plans: PlanRepository
  readonly sending: WebhookSending
  readonly logger: Logger
  /** The wall's clock, by which receivers judge a signature's age, also where time was moved. */
  readonly wall: () => Date
  /** Between 0 and 1. */
  readonly chance: () => number
  readonly telemetry?: Telemetry | undefined
}

/**
 * Sends what is due, until it is to stop, and answers how many attempts were made. Of one subscription an endpoint gets one event at a time, in
 * their order; endpoints and subscriptions wait for none but themselves. A process that dies between a receiver's yes and
 * our commit sends that one event again, under the same `webhook-id`.
 */
export async function deliverWebhooks(
  parts: WebhookDeliveries,
  { at, until }: { readonly at: Date; readonly until?: AbortSignal | undefined },
): Promise<number> {
  if (parts.sending.secrets === undefined) return 0
  // A round may take minutes, and a lease that began in the past would be no lease.
  const began = performance.now()
  const now = () => new Date(at.getTime() + performance.now() - began)
  const due = await parts.webhooks.deliveries.endpointsDue(at)
  const counts = await Promise.all(
    due.flatMap((endpointId) =>
      Array.from({ length: LANES }, () => lane(parts, endpointId, { now, until })),
    ),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

async function lane(
  parts: WebhookDeliveries,
  endpointId: string,
  { now, until }: { readonly now: () => Date; readonly until?: AbortSignal | undefined },
): Promise<number> {
  for (let sent = 0; sent < ROUND_MAX; sent++) {
    if (until?.aborted === true) return sent
    const claimed = await parts.webhooks.deliveries.claimDue(endpointId, now(), 1, LEASE_MS)
    const [delivery] = claimed
    if (delivery === undefined) return sent
    await watchDelivery(parts.telemetry, delivery, () => attempt(parts, delivery, now))
  }
  return ROUND_MAX
}

async function attempt(
  parts: WebhookDeliveries,
  delivery: ClaimedDelivery,
  now: () => Date,
): Promise<Sent> {
  const { webhooks, logger, chance } = parts
  const { endpointId, event } = delivery
  const tried = attemptFrom(await send(parts, delivery, now()))
  const at = now()
  const verdict = judge(tried, delivery, at, chance())
  const { state } = verdict
  const endpoint = await webhooks.deliveries.finish({
    delivery,
    state,
    status: tried.status,
    error: tried.error,
    until: verdict.state === 'pending' ? verdict.until : null,
    hold: verdict.state === 'pending' ? verdict.hold : null,
    at,
  })
  const { status } = tried
  if (state === 'delivered') return { outcome: 'delivered', status }
  const about = { endpointId, eventKey: event.key, attempts: delivery.attempts, ...tried }
  logger.info({ ...about, state }, 'a webhook was not acknowledged')
  const reason = endpoint && reasonToDisable(tried, endpoint.failingSince, at)
  const outcome = state === 'pending' ? 'failed' : 'given_up'
  if (!endpoint || !reason) return { outcome, status }
  await webhooks.endpoints.disable(endpointId, reason, { at, keyId: null })
  logger.warn({ endpointId, reason }, 'a webhook endpoint was disabled, and is told nothing more')
  return { outcome, status }
}

async function send(
  { plans, sending: { post, secrets }, wall }: WebhookDeliveries,
  { endpointId, url, event, ...delivery }: ClaimedDelivery,
  at: Date,
): Promise<WebhookAnswer> {
  const payload = await payloadOf(event, plans)
  try {
    const valid = secrets?.validAt(endpointId, delivery.secrets, at) ?? []
    return await post.send({ url, ...signed({ id: event.key, payload, at: wall() }, valid) })
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    return { status: null, failure, retryAfterMs: null, body: '', durationMs: 0 }
  }
}

const attemptFrom = ({ status, failure, retryAfterMs }: WebhookAnswer): Attempt => ({
  status,
  retryAfterMs,
  error: failure ?? (isAcknowledged(status) ? null : `it answered ${status}`),
})

const isAcknowledged = (status: number | null): boolean =>
  status !== null && status >= 200 && status < 300
