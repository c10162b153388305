import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { closeSchedule } from './schedule-end.ts'
import { emit, revise } from '../webhooks/emit.ts'

/** Statuses in which a subscription no longer changes. */
const TERMINAL: ReadonlySet<string> = new Set(['canceled', 'incomplete_expired'])

/** Whether the status is terminal: nothing starts the subscription again. */
export const isOver = ({ status }: Subscription): boolean => TERMINAL.has(status)

/** Writes a subscription and emits `customer.subscription.updated`. */
export function reviseSubscription(
  step: Step,
  row: Subscription,
  to: Partial<Subscription>,
): Subscription {
  return revise(step, 'subscriptions', { row, to, event: 'customer.subscription.updated' })
}

type Reason = NonNullable<NonNullable<Subscription['cancellation_details']>['reason']>

/** Ends a subscription at this instant. Stripe stops collecting earlier invoices. */
export function endSubscription(step: Step, row: Subscription, reason: Reason): Subscription {
  const details = row.cancellation_details
  const ended = step.put('subscriptions', {
    ...row,
    cancel_at_period_end: false,
    canceled_at: row.canceled_at ?? step.now,
    cancellation_details: {
      comment: details?.comment ?? null,
      feedback: details?.feedback ?? null,
      feedback_option: null,
      reason: details?.reason ?? reason,
    },
    ended_at: step.now,
    pending_update: null,
    status: 'canceled',
  })
  for (const invoice of step.rows('invoices', { index: 'subscription', key: row.id })) {
    if (invoice.status !== 'open' && invoice.status !== 'draft') continue
    const to = { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null }
    revise(step, 'invoices', { row: invoice, to, event: 'invoice.updated' })
  }
  const schedule = step.find('schedules', row.schedule ?? '')
  if (schedule?.status === 'active') {
    closeSchedule(step, schedule, reason === 'payment_failed' ? 'aborted' : 'canceled')
  }
  emit(step, 'customer.subscription.deleted', ended)
  return ended
}
