import { isOver, reviseSubscription } from '../billing/changes.ts'
import { claimed, redeem } from '../billing/discounts.ts'
import type { Values } from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { given } from './given.ts'
import { mergeMetadata } from './metadata.ts'
import { methodOf } from './payment-method-attachment.ts'
import { changeBilling, changesBilling, refuseBesidePending } from './subscription-change.ts'
import { cancelInstant } from './subscription-create.ts'
import type { UPDATE } from './subscription-params.ts'

type Params = Values<typeof UPDATE>

/** Fields that a canceled subscription may still change. */
const AFTERWARDS: ReadonlySet<string> = new Set(['metadata', 'cancellation_details'])

export function updateSubscription(step: Step, row: Subscription, params: Params): Subscription {
  if (isOver(row) && Object.keys(params).some((name) => !AFTERWARDS.has(name))) {
    throw invalid(
      'A canceled subscription can only update its cancellation_details and metadata.',
      undefined,
      'subscription_canceled',
    )
  }
  refuseBesideSchedule(row, params)
  const { default_payment_method: method } = params
  if (method !== undefined) methodOf(step, method, row.customer, 'default_payment_method')
  const also = {
    ...plain(row, params),
    ...cancellation(step, row, params),
    ...pausing(params),
    ...discounting(step, row, params),
  }
  if (!changesBilling(params)) return reviseSubscription(step, row, also)
  refuseBesidePending(params)
  return changeBilling(step, row, { params, also })
}

/** Fields that the schedule controls while one is attached. */
const SCHEDULED = [
  'cancel_at',
  'cancel_at_period_end',
  'items',
  'trial_end',
  'billing_cycle_anchor',
]

function refuseBesideSchedule(row: Subscription, params: Params): void {
  const touched = Object.keys(params).find((name) => SCHEDULED.includes(name))
  if (row.schedule === null || touched === undefined) return
  throw invalid(
    `The subscription is managed by the subscription schedule \`${row.schedule}\`, and updating ${touched} directly is not allowed. Please update the schedule instead.`,
    touched,
  )
}

function plain(row: Subscription, params: Params): Partial<Subscription> {
  const { collection_method, days_until_due, default_payment_method, description } = params
  const missing = params.trial_settings?.end_behavior.missing_payment_method
  return {
    ...given({ collection_method, days_until_due, default_payment_method, description }),
    metadata: mergeMetadata(row.metadata, params.metadata),
    ...(missing && {
      trial_settings: {
        end_behavior: { billing_cycle_anchor: null, missing_payment_method: missing },
      },
    }),
  }
}

function cancellation(step: Step, row: Subscription, params: Params): Partial<Subscription> {
  const at = cancelInstant(row, params)
  const details = params.cancellation_details
  const held = row.cancellation_details
  const reason =
    at === undefined ? (held?.reason ?? null) : at === null ? null : 'cancellation_requested'
  if (at === undefined && details === undefined) return {}
  if (at !== undefined && at !== null && at <= step.now) {
    throw invalid('The cancel_at must be in the future.', 'cancel_at')
  }
  return {
    cancellation_details: {
      comment: details?.comment === undefined ? (held?.comment ?? null) : details.comment,
      feedback: details?.feedback === undefined ? (held?.feedback ?? null) : details.feedback,
      feedback_option: null,
      reason,
    },
    ...(at !== undefined && {
      cancel_at: at,
      cancel_at_period_end: params.cancel_at_period_end === true,
      canceled_at: at === null ? null : step.now,
    }),
  }
}

function pausing({ pause_collection: pause }: Params): Partial<Subscription> {
  if (pause === undefined) return {}
  if (pause === null) return { pause_collection: null }
  return { pause_collection: { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null } }
}

/** The given list replaces the stored one. */
function discounting(step: Step, row: Subscription, { discounts }: Params): Partial<Subscription> {
  if (discounts === undefined) return {}
  const place = { customer: row.customer, subscription: row.id, checkoutSession: null }
  const claims = (discounts ?? []).map((claim, index) =>
    claimed(step, claim, `discounts[${index}]`),
  )
  return { discounts: claims.map((claim) => redeem(step, claim, place).id) }
}
