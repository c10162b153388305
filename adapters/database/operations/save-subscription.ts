import type { SubscriptionWrite, WriteOutcome } from '../../../domain/subscription/repository.ts'
import type { DecisionToStore } from '../../../domain/decision/decision-record.ts'
import { webhookOfChange } from '../../../domain/webhook/webhook.ts'
import { rowFromSubscription } from '../tables/subscription-rows.ts'
import { compressed } from './decision-body.ts'
import { Json } from './json.ts'
import type { Operations } from './port.ts'

/**
 * Writes one step of a subscription: its row, timeline entries, letters, usage windows and the end of the Stripe events
 * that it handled, all or nothing. A second call with the same write finds `observed_seq` advanced and writes nothing
 * (`superseded`).
 */
export async function saveSubscription(
  operations: Operations,
  write: SubscriptionWrite,
): Promise<WriteOutcome> {
  const { before, after, at, alert } = write
  const isSaved = await operations.value('save_subscription', {
    p_row: new Json({
      ...rowFromSubscription({ ...after, id: before.id }),
      discount: after.discount,
      addons: after.addons,
      pending_addons: after.pendingChange && after.pendingChange.addons,
      foreign_items: after.foreignItems,
    }),
    p_seq: before.observedSeq,
    p_now: at,
    p_changes: new Json(timelineEntriesOf(write)),
    p_notices: new Json(write.letters),
    p_windows: new Json(
      write.windows.map(({ featureId, start, end, quotaLimit, rolloverMax }) => ({
        feature_id: featureId,
        starts: start,
        ends: end,
        quota_limit: quotaLimit,
        rollover_max: rolloverMax,
      })),
    ),
    p_end_windows_at: write.endWindowsAt,
    p_alert:
      alert &&
      new Json({
        feature_id: alert.featureId,
        window_start: alert.windowStart,
        threshold: alert.threshold,
        quota_limit: alert.quotaLimit,
      }),
    p_events: write.eventIds,
    p_decision: write.decision ? new Json(rowOfDecision(write.decision)) : null,
  })
  return isSaved ? 'saved' : 'superseded'
}

const rowOfDecision = ({ rule, build, body }: DecisionToStore) => ({
  rule,
  build,
  body: compressed(body),
})

/**
 * The timeline entries, each with the webhook event to send to the application. The first write of a subscription also
 * sends `subscription.created`, which has no entry.
 */
function timelineEntriesOf(write: SubscriptionWrite) {
  const { before, changes, at, actor, cause, by, alert, traceparent } = write
  const requested = { key_id: by?.keyId ?? null, asked_by: by?.askedBy ?? null }
  const shared = { at, actor, cause, traceparent, ...requested }
  const entries = changes.map((change) => ({
    ...change,
    ...shared,
    event: webhookOfChange(change, alert),
  }))
  if (before.observedSeq > 0) return entries
  return [{ ...shared, event: { type: 'subscription.created', fact: 'created' } }, ...entries]
}
