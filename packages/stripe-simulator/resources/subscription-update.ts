import { isOver, reviseSubscription } from '../billing/changes.ts'
import { refuseWithoutLocation, subscriptionTax } from '../billing/automatic-tax.ts'
import { customerOf } from '../billing/customers.ts'
import { claimed, redeem } from '../billing/discounts.ts'
import type { Values } from '../http/params.ts'
import { invalid, missing } from '../http/refusal.ts'
import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { given } from './given.ts'
import { mergeMetadata } from './metadata.ts'
import { methodOf } from './payment-method-attachment.ts'
import { changeBilling, changesBilling, refuseBesidePending } from './subscription-change.ts'
import { cancelInstant, savedMethod } from './subscription-create.ts'
import type { UPDATE } from './subscription-params.ts'
import { taxRatesOf } from './tax-rates.ts'

type Params = Values<typeof UPDATE>

/** Fields that a canceled subscription may still change. */
const AFTERWARDS: ReadonlySet<string> = new Set(['metadata', 'cancellation_details'])

/**
 * Updates a subscription.
 * @throws Refusal (400) for an ended one, except for its metadata and its cancellation details.
 */
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
    ...plain(step, row, params),
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

function plain(step: Step, row: Subscription, params: Params): Partial<Subscription> {
  const { collection_method, days_until_due, default_payment_method, description } = params
  const behavior = params.trial_settings?.end_behavior.missing_payment_method
  refuseWithoutDays(row, params)
  refuseWithoutLocation(
    customerOf(step, row.customer),
    params.automatic_tax?.enabled,
    'automatic_tax[enabled]',
  )
  return {
    ...given({ collection_method, days_until_due, default_payment_method, description }),
    metadata: mergeMetadata(row.metadata, params.metadata),
    ...savedMethod(params),
    ...(params.invoice_settings?.custom_fields !== undefined && {
      invoice_settings: {
        ...row.invoice_settings,
        custom_fields: params.invoice_settings.custom_fields?.slice() ?? null,
      },
    }),
    ...(params.automatic_tax && {
      automatic_tax: subscriptionTax(params.automatic_tax.enabled),
    }),
    ...(params.default_tax_rates !== undefined && {
      default_tax_rates: taxRatesOf(step, params.default_tax_rates, 'default_tax_rates'),
    }),
    ...(behavior && {
      trial_settings: {
        end_behavior: { billing_cycle_anchor: null, missing_payment_method: behavior },
      },
    }),
  }
}

/** An invoice that is sent has to say when it is due. */
function refuseWithoutDays(row: Subscription, params: Params): void {
  const method = params.collection_method ?? row.collection_method
  if (method !== 'send_invoice' || (params.days_until_due ?? row.days_until_due) !== null) return
  throw invalid(
    'You must pass `days_until_due` when `collection_method` is set to `send_invoice`.',
    'days_until_due',
    'parameter_missing',
  )
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
  const ids = (discounts ?? []).map((claim, index) => {
    const at = `discounts[${index}]`
    if (claim.discount === undefined)
      return redeem(step, claimed(step, claim, { at, customer: row.customer }), place).id
    if (row.discounts.includes(claim.discount)) return claim.discount
    throw missing('discount', claim.discount, `${at}[discount]`, 'param')
  })
  return { discounts: ids }
}
