import type { PlanRepository } from '../../domain/catalogue/plan-repository.ts'
import { judge, reasonToDisable, type Attempt } from '../../domain/webhook/delivery.ts'
import type { ClaimedDelivery, WebhookRepository } from '../../domain/webhook/repository.ts'
import { messageOf } from '../../adapters/telemetry/error-message.ts'
import type { Logger } from '../../adapters/telemetry/logger.ts'
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts'
import { traceDelivery, type DeliveryOutcome } from '../../adapters/telemetry/webhook-delivery.ts'
import { ANSWER_TIMEOUT_MS, type WebhookAnswer } from '../../adapters/webhooks/post.ts'
import { payloadOf, signed } from './payload.ts'
import type { WebhookSender } from './sender.ts'

/** Longer than an attempt may take, so no two processes send one event. After a crash the event waits this long. */
const LEASE_MS = 2 * ANSWER_TIMEOUT_MS
/** Simultaneous requests to one endpoint from one process. A slow endpoint delays only itself. */
export const CONCURRENT_MAX = 8
/** Attempts per round and loop. The next round sends the rest. */
const ROUND_MAX = 200

/** The parts that sending webhooks uses. */
export type DeliveryParts = {
  readonly webhooks: WebhookRepository
  readonly plans: PlanRepository
  readonly sender: WebhookSender
  readonly logger: Logger
  /** The system's clock, even where time is moved: receivers check the age of a signature by it. */
  readonly wall: () => Date
  /** @returns a random number from 0 to 1 */
  readonly chance: () => number
  readonly telemetry?: Telemetry | undefined
}

/**
 * Sends due webhooks until there are none or `until` aborts. An endpoint gets the events of one subscription one at a time, in
 * order. Endpoints and subscriptions do not wait for each other. If a process dies after the receiver's response and before our
 * commit, that event is sent again under the same `webhook-id`.
 *
 * @returns the number of attempts
 */
export async function deliverWebhooks(
  parts: DeliveryParts,
  { at, until }: { readonly at: Date; readonly until?: AbortSignal | undefined },
): Promise<number> {
  if (parts.sender.secrets === undefined) return 0
  const due = await parts.webhooks.deliveries.endpointsDue(at)
  const counts = await Promise.all(
    due.flatMap((endpointId) =>
      Array.from({ length: CONCURRENT_MAX }, () => sendDue(parts, endpointId, { at, until })),
    ),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Sends one webhook after another to an endpoint, until none is due or `until` aborts. @returns the number of attempts */
export async function sendDue(
  parts: DeliveryParts,
  endpointId: string,
  { at, until }: { readonly at: Date; readonly until?: AbortSignal | undefined },
): Promise<number> {
  // This may take minutes. The time must advance, or later leases would end too early.
  const started = performance.now()
  const now = () => new Date(at.getTime() + performance.now() - started)
  for (let sent = 0; sent < ROUND_MAX; sent++) {
    if (until?.aborted === true) return sent
    const [delivery] = await parts.webhooks.deliveries.claimDue(endpointId, now(), 1, LEASE_MS)
    if (delivery === undefined) return sent
    await traceDelivery(parts.telemetry, delivery, () => attempt(parts, delivery, now))
  }
  return ROUND_MAX
}

async function attempt(
  parts: DeliveryParts,
  delivery: ClaimedDelivery,
  now: () => Date,
): Promise<DeliveryOutcome> {
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
  logger.warn({ endpointId, reason }, 'a webhook endpoint was disabled and gets no more webhooks')
  return { outcome, status }
}

async function send(
  { plans, sender: { post, secrets }, wall }: DeliveryParts,
  { endpointId, url, event, ...delivery }: ClaimedDelivery,
  at: Date,
): Promise<WebhookAnswer> {
  const payload = await payloadOf(event, plans)
  try {
    const valid = secrets?.validAt(endpointId, delivery.secrets, at) ?? []
    return await post.send({ url, ...signed({ id: event.key, payload, at: wall() }, valid) })
  } catch (error) {
    return { status: null, failure: messageOf(error), retryAfterMs: null, body: '', durationMs: 0 }
  }
}

const attemptFrom = ({ status, failure, retryAfterMs }: WebhookAnswer): Attempt => ({
  status,
  retryAfterMs,
  error: failure ?? (isAcknowledged(status) ? null : `it answered ${status}`),
})

const isAcknowledged = (status: number | null): boolean =>
  status !== null && status >= 200 && status < 300
