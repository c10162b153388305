import type { Stripe } from 'stripe'
import { recurrence, periodLines } from '../billing/amounts.ts'
import { applyChange } from '../billing/apply-change.ts'
import { periodAt } from '../billing/calendar.ts'
import type { Change } from '../billing/change.ts'
import { pauseSubscription } from '../billing/pause.ts'
import { debitFor } from '../billing/proration.ts'
import { operation } from '../http/operation.ts'
import { fields, integer, oneOf, required, type Covers, type Values } from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'
import { prorationBehavior } from './shared-params.ts'
import { subscriptionByPath } from './subscriptions.ts'

const PAUSE = {
  bill_for: fields({
    outstanding_usage_through: fields({ type: required(oneOf('none', 'now')) }),
    unused_time_from: fields({
      type: required(oneOf('item_current_period_start', 'none', 'now')),
    }),
  }),
  invoicing_behavior: oneOf('invoice', 'pending_invoice_item'),
  type: oneOf('subscription'),
} as const satisfies Covers<Stripe.SubscriptionPauseParams>

const RESUME = {
  billing_cycle_anchor: fields({ type: required(oneOf('now', 'unchanged')) }),
  payment_behavior: oneOf('resume_on_payment_attempt', 'resume_on_payment_success'),
  proration_behavior: prorationBehavior,
  proration_date: integer(0),
} as const satisfies Covers<Stripe.SubscriptionResumeParams>

/** Pausing and resuming a subscription. @see https://docs.stripe.com/billing/subscriptions/pause */
export const subscriptionPauses = [
  operation('POST /v1/subscriptions/:id/pause', {
    answers: 'subscription',
    params: PAUSE,
    run(step, { ids, params }) {
      const row = subscriptionByPath(step, ids)
      if (row.schedule !== null) {
        throw invalid(
          `You cannot pause a subscription that is managed by the schedule ${row.schedule}.`,
        )
      }
      if (!['active', 'past_due', 'trialing', 'unpaid'].includes(row.status)) {
        throw invalid(`You cannot pause a subscription with the status ${row.status}.`)
      }
      return pauseSubscription(step, row, {
        creditsFrom: params.bill_for?.unused_time_from?.type ?? 'now',
        invoicesUsage: params.bill_for?.outstanding_usage_through?.type !== 'none',
        invoicesNow: params.invoicing_behavior === 'invoice',
      })
    },
  }),
  operation('POST /v1/subscriptions/:id/resume', {
    answers: 'subscription',
    params: RESUME,
    run(step, { ids, params }) {
      const row = subscriptionByPath(step, ids)
      if (row.status === 'paused') return resume(step, row, params)
      throw invalid('You can only resume a subscription that is paused.')
    },
  }),
]

function resume(step: Step, row: Subscription, params: Values<typeof RESUME>): Subscription {
  const { status_details: _reason, ...held } = row
  const change =
    params.billing_cycle_anchor?.type === 'unchanged'
      ? continued(step, held, params)
      : restarted(step, held)
  const waits = params.payment_behavior === 'resume_on_payment_success'
  const { subscription } = applyChange(step, held, {
    change,
    how: {
      behavior: waits ? 'pending_if_incomplete' : 'allow_incomplete',
      invoicesNow: params.proration_behavior === 'always_invoice',
      also: {},
    },
  })
  // A resumption that waits for its payment emits its event when it is paid.
  if (!waits) emit(step, 'customer.subscription.resumed', subscription)
  return subscription
}

/** Starts a new period now. */
function restarted(step: Step, row: Subscription): Change {
  const period = periodAt(step.now, recurrence(row.items.data), step.now)
  const to = { ...inPeriod(row, period), billing_cycle_anchor: step.now, status: 'active' as const }
  return {
    to,
    prorations: [],
    opening: periodLines(step, { ...row, ...to }, { period }),
    opensPeriod: true,
  }
}

/** The period that would run now without the pause; its remaining part is charged. */
function continued(step: Step, row: Subscription, params: Values<typeof RESUME>): Change {
  const period = periodAt(row.billing_cycle_anchor, recurrence(row.items.data), step.now)
  const to = {
    ...inPeriod(row, period),
    billing_cycle_anchor: row.billing_cycle_anchor,
    status: 'active' as const,
  }
  const next = { ...row, ...to }
  const at = params.proration_date ?? step.now
  const debits = next.items.data.map((item) => debitFor(step, next, { item, at }))
  const prorations = params.proration_behavior === 'none' ? [] : debits
  return { to, prorations, opening: [], opensPeriod: false }
}

function inPeriod({ items }: Subscription, period: { start: number; end: number }) {
  const data = items.data.map((item) => ({
    ...item,
    current_period_start: period.start,
    current_period_end: period.end,
  }))
  return { items: { ...items, data } }
}
