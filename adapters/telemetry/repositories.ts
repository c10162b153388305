import type { Clock } from '../../domain/clock.ts'
import { DRIFT_KINDS } from '../../domain/stripe/drift.ts'
import type { Repositories } from '../../domain/repositories.ts'
import { needsOperator, type InboxQueue } from '../../domain/stripe/event.ts'
import type { ConsumeOutcome } from '../../domain/usage/usage.ts'
import type { Telemetry } from './telemetry.ts'

/** The telemetry to record to, and the clock for ages and lags. */
export type Watching = { readonly telemetry: Telemetry; readonly clock: Clock }

/** Records what the repositories write: decisions on usage, status changes, and the lag of Stripe's events. */
export function watchRepositories(
  repositories: Repositories,
  { telemetry, clock }: Watching,
): Repositories {
  const { usage, usageExtras, subscriptions, invoices, stripeInbox } = repositories

  async function measureLag(queue: InboxQueue, eventIds: readonly string[]): Promise<void> {
    const done = clock.now().getTime()
    for (const receivedAt of await stripeInbox.receipts(eventIds))
      telemetry.measure('perennial.webhook.lag', (done - receivedAt.getTime()) / 1_000, {
        'perennial.queue': queue,
      })
  }
  /** Runs in the background. If it fails, the write stays committed. */
  function recordLag(queue: InboxQueue, eventIds: readonly string[]): void {
    if (eventIds.length > 0) measureLag(queue, eventIds).catch(telemetry.reportError)
  }

  /** The webhooks about this change continue the current trace. */
  const traced = <T>(write: T) => ({ ...write, traceparent: telemetry.traceparent() })

  return {
    ...repositories,
    usage: {
      ...usage,
      async consume(requests, at) {
        const outcomes = await usage.consume(requests, at)
        for (const outcome of outcomes) countDecision(telemetry, outcome)
        return outcomes
      },
    },
    usageExtras: {
      ...usageExtras,
      grantTo: (subscription, grant, act) => usageExtras.grantTo(subscription, grant, traced(act)),
    },
    subscriptions: {
      ...subscriptions,
      async save(write) {
        const outcome = await subscriptions.save(traced(write))
        if (outcome === 'superseded') return outcome
        const { before, after, eventIds } = write
        if (before.status !== after.status)
          telemetry.count('perennial.subscription.transitions', {
            'perennial.from': before.status,
            'perennial.to': after.status,
          })
        recordLag('facts', eventIds)
        return outcome
      },
    },
    invoices: {
      ...invoices,
      async save(write) {
        const outcome = await invoices.save(traced(write))
        if (outcome === 'saved') recordLag('invoices', write.eventIds)
        return outcome
      },
    },
  }
}

function countDecision(telemetry: Telemetry, outcome: ConsumeOutcome): void {
  telemetry.count('perennial.usage.decisions', {
    'perennial.outcome': outcome.kind,
    'perennial.reason': outcome.kind === 'refused' ? outcome.reason : '',
  })
}

/** Far more reasons than there are to park an event on purpose; those beyond it count as unexpected. */
const REASONS_MAX = 200

/** Registers gauges of waiting events, open differences and undelivered webhooks. One process of a kind should do it. */
export function watchUsageCounters(
  { stripeInbox, drift, webhooks }: Repositories,
  { telemetry, clock }: Watching,
): void {
  telemetry.watch('perennial.inbox.events', async () => {
    const { received, forwarded, parked } = await stripeInbox.figures()
    const ignored = (await stripeInbox.parkedByReason(REASONS_MAX))
      .filter(({ reason }) => !needsOperator(reason))
      .reduce((sum, { count }) => sum + count, 0)
    return [
      [received, { 'perennial.state': 'received' }],
      [forwarded, { 'perennial.state': 'forwarded' }],
      // Read a moment before the reasons.
      [Math.max(0, parked - ignored), { 'perennial.state': 'parked' }],
      [ignored, { 'perennial.state': 'ignored' }],
    ]
  })
  telemetry.watch('perennial.inbox.age', async () => {
    const { oldestReceivedAt } = await stripeInbox.figures()
    return [[secondsSince(oldestReceivedAt, clock), {}]]
  })
  telemetry.watch('perennial.drift.open', async () => {
    const open = new Map((await drift.count()).map(({ kind, open: count }) => [kind, count]))
    return DRIFT_KINDS.map((kind) => [open.get(kind) ?? 0, { 'perennial.drift.kind': kind }])
  })
  telemetry.watch('perennial.delivery.pending', async () => {
    const { pending } = await webhooks.deliveries.figures()
    return [[pending, {}]]
  })
  telemetry.watch('perennial.delivery.age', async () => {
    const { oldestQueuedAt } = await webhooks.deliveries.figures()
    return [[secondsSince(oldestQueuedAt, clock), {}]]
  })
  telemetry.watch('perennial.delivery.endpoints', async () => {
    const { enabled, disabled } = await webhooks.deliveries.figures()
    return [
      [enabled, { 'perennial.state': 'enabled' }],
      [disabled, { 'perennial.state': 'disabled' }],
    ]
  })
}

const secondsSince = (at: Date | null, clock: Clock): number =>
  at === null ? 0 : Math.max(0, clock.now().getTime() - at.getTime()) / 1_000
