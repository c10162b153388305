import type { Stripe } from 'stripe'
import { recurrenceOf } from '../billing/amounts.ts'
import { boundary, INTERVALS } from '../billing/calendar.ts'
import { endSubscription, isOver, reviseSubscription } from '../billing/changes.ts'
import { applyPhase, releaseSchedule } from '../billing/schedule.ts'
import { closeSchedule } from '../billing/schedule-end.ts'
import { rowByPath } from '../http/by-path.ts'
import { listPage, paging, within } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import {
  discountClaims,
  either,
  emptyable,
  fields,
  flag,
  id,
  ignored,
  integer,
  list,
  metadata,
  oneOf,
  range,
  required,
  text,
  unmodelled,
  type Covers,
  type Values,
} from '../http/params.ts'
import { invalid, missing } from '../http/refusal.ts'
import { newPhase, newSchedule, type Phase, type PhaseSettings } from '../objects/schedule.ts'
import type { Schedule, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { mergeMetadata } from './metadata.ts'
import { priceOf, refuseArchived } from './prices.ts'
import { collectionMethod, ITEM, ITEMS_MAX, prorationBehavior } from './shared-params.ts'
import { taxRatesOf } from './tax-rates.ts'

/** Stripe's limit of future phases. */
const PHASES_MAX = 10

const phase = fields({
  add_invoice_items: unmodelled,
  application_fee_percent: unmodelled,
  automatic_tax: ignored,
  billing_cycle_anchor: ignored,
  billing_thresholds: unmodelled,
  collection_method: collectionMethod,
  currency: ignored,
  default_payment_method: id(),
  default_tax_rates: emptyable(list(id())),
  description: emptyable(text(500)),
  discounts: discountClaims(),
  duration: fields({ interval: required(oneOf(...INTERVALS)), interval_count: integer(1) }),
  end_date: either(integer(0), oneOf('now')),
  invoice_settings: fields({
    account_tax_ids: ignored,
    custom_fields: ignored,
    days_until_due: integer(0),
    description: ignored,
    footer: ignored,
    issuer: ignored,
  }),
  items: required(list(fields({ ...ITEM, price: required(id()) }), ITEMS_MAX)),
  metadata: metadata(),
  on_behalf_of: unmodelled,
  proration_behavior: prorationBehavior,
  start_date: either(integer(0), oneOf('now')),
  transfer_data: unmodelled,
  trial: unmodelled,
  trial_end: integer(0),
})

const CREATE = {
  billing_mode: ignored,
  customer: unmodelled,
  customer_account: unmodelled,
  default_settings: ignored,
  end_behavior: oneOf('cancel', 'release'),
  from_subscription: required(id()),
  metadata: metadata(),
  pause_schedules: unmodelled,
  phases: unmodelled,
  start_date: unmodelled,
} as const satisfies Covers<Stripe.SubscriptionScheduleCreateParams>

const UPDATE = {
  default_settings: ignored,
  end_behavior: oneOf('cancel', 'release'),
  metadata: metadata(),
  pause_schedules: unmodelled,
  phases: list(phase, PHASES_MAX),
  proration_behavior: prorationBehavior,
} as const satisfies Covers<Stripe.SubscriptionScheduleUpdateParams>

const LIST = {
  ...paging,
  canceled_at: range(),
  completed_at: range(),
  created: range(),
  customer: id(),
  customer_account: unmodelled,
  released_at: range(),
  scheduled: flag(),
} as const satisfies Covers<Stripe.SubscriptionScheduleListParams>

const byPath = (step: Step, ids: Ids): Schedule =>
  rowByPath(step, { table: 'schedules', noun: 'subscription schedule', param: 'schedule' }, ids)

export const subscriptionSchedules = [
  operation('POST /v1/subscription_schedules', {
    answers: 'subscription_schedule',
    params: CREATE,
    run: (step, { params }) => create(step, params),
  }),
  operation('GET /v1/subscription_schedules/:id', {
    answers: 'subscription_schedule',
    params: {},
    run: (step, { ids }) => byPath(step, ids),
  }),
  operation('POST /v1/subscription_schedules/:id', {
    answers: 'subscription_schedule',
    params: UPDATE,
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      refuseUnlessActive(row)
      const phases = params.phases === undefined ? row.phases : phasesOf(step, row, params.phases)
      const current = phases.find(
        ({ start_date: start }) => start === row.current_phase?.start_date,
      )
      const revised = revise(step, 'schedules', {
        row,
        to: {
          current_phase: current
            ? { start_date: current.start_date, end_date: current.end_date }
            : row.current_phase,
          end_behavior: params.end_behavior ?? row.end_behavior,
          metadata: mergeMetadata(row.metadata ?? {}, params.metadata),
          phases,
        },
        event: 'subscription_schedule.updated',
      })
      // The present phase is the subscription's state: an edit of it takes effect now.
      if (params.phases !== undefined && current !== undefined)
        applyPhase(step, attachedTo(step, row), { schedule: revised, phase: current })
      return revised
    },
  }),
  operation('POST /v1/subscription_schedules/:id/release', {
    answers: 'subscription_schedule',
    params: { preserve_cancel_date: flag() },
    run(step, { ids }) {
      const row = byPath(step, ids)
      refuseUnlessActive(row)
      releaseSchedule(step, row, attachedTo(step, row))
      return byPath(step, ids)
    },
  }),
  operation('POST /v1/subscription_schedules/:id/cancel', {
    answers: 'subscription_schedule',
    params: { invoice_now: flag(), prorate: flag() },
    run(step, { ids }) {
      const row = byPath(step, ids)
      refuseUnlessActive(row)
      const subscription = attachedTo(step, row)
      const closed = closeSchedule(step, row, 'canceled')
      endSubscription(step, { ...subscription, schedule: null }, 'cancellation_requested')
      return closed
    },
  }),
  operation('GET /v1/subscription_schedules', {
    answers: 'subscription_schedule',
    isList: true,
    params: LIST,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/subscription_schedules',
        noun: 'subscription schedule',
        table: 'schedules',
        walk:
          params.customer === undefined ? undefined : { index: 'customer', key: params.customer },
        params,
        where: (row) => within(params.created, row.created),
      }),
  }),
]

function create(step: Step, params: Values<typeof CREATE>): Schedule {
  const subscription = step.find('subscriptions', params.from_subscription)
  if (subscription === undefined) {
    throw missing('subscription', params.from_subscription, 'from_subscription', 'param')
  }
  if (isOver(subscription)) throw invalid('The subscription is canceled.', 'from_subscription')
  if (subscription.schedule !== null) {
    throw invalid(
      `The subscription is already attached to the schedule ${subscription.schedule}.`,
      'from_subscription',
    )
  }
  const schedule = step.put('schedules', {
    ...newSchedule(subscription, step.now),
    end_behavior: params.end_behavior ?? 'release',
    metadata: params.metadata ?? {},
  })
  emit(step, 'subscription_schedule.created', schedule)
  reviseSubscription(step, subscription, { schedule: schedule.id })
  return schedule
}

type PhaseParams = Values<typeof UPDATE>['phases'] & object

/** Phases follow each other without a gap, starting at the start of the current one. */
function phasesOf(step: Step, schedule: Schedule, given: PhaseParams): Phase[] {
  return given.reduce<Phase[]>((phases, wanted, index) => {
    const at = `phases[${index}]`
    const start = phases.at(-1)?.end_date ?? startOf(step, schedule, wanted)
    const items = wanted.items.map(({ price, quantity, metadata: own }, item) => ({
      price: soldPrice(step, schedule, { price, at: `${at}[items][${item}][price]` }),
      quantity: quantity ?? 1,
      metadata: own ?? {},
    }))
    const [first] = items
    if (first === undefined) throw invalid('A phase needs items.', `${at}[items]`)
    const every = wanted.duration
      ? { interval: wanted.duration.interval, interval_count: wanted.duration.interval_count ?? 1 }
      : recurrenceOf(first.price)
    const end =
      wanted.end_date === 'now' ? step.now : (wanted.end_date ?? boundary(start, every, 1))
    if (end <= start) throw invalid('The end_date must be after the start_date.', `${at}[end_date]`)
    refuseOtherTrial(step, schedule, { end: wanted.trial_end, at })
    const plan = {
      start,
      end,
      currency: first.price.currency,
      items: items.map((each) => ({ ...each, price: each.price.id })),
      metadata: wanted.metadata ?? {},
      prorates: wanted.proration_behavior ?? 'create_prorations',
      settings: settingsOf(step, wanted, at),
    } as const
    return [...phases, newPhase(plan)]
  }, [])
}

/** A phase may repeat the end of the subscription's trial. */
function refuseOtherTrial(
  step: Step,
  schedule: Schedule,
  { end, at }: { readonly end: number | undefined; readonly at: string },
): void {
  if (end === undefined || end === attachedTo(step, schedule).trial_end) return
  throw invalid(
    'The Stripe simulator does not model another end of the trial in a phase.',
    `${at}[trial_end]`,
    'not_simulated',
  )
}

/** An archived price is refused, unless the subscription pays it already. */
function soldPrice(
  step: Step,
  schedule: Schedule,
  { price: wanted, at }: { readonly price: string; readonly at: string },
) {
  const price = priceOf(step, wanted, at)
  const { items } = attachedTo(step, schedule)
  if (!items.data.some((each) => each.price.id === price.id)) refuseArchived(step, price, at)
  return price
}

function settingsOf(step: Step, wanted: PhaseParams[number], at: string): PhaseSettings {
  const days = wanted.invoice_settings?.days_until_due
  return {
    collection_method: wanted.collection_method ?? null,
    default_payment_method: wanted.default_payment_method ?? null,
    default_tax_rates: taxRatesOf(step, wanted.default_tax_rates ?? [], `${at}[default_tax_rates]`),
    description: wanted.description ?? null,
    discounts: (wanted.discounts ?? []).map((each) => ({
      coupon: each.coupon ?? null,
      discount: each.discount ?? null,
      promotion_code: each.promotion_code ?? null,
    })),
    invoice_settings:
      days === undefined
        ? null
        : {
            account_tax_ids: null,
            custom_fields: null,
            days_until_due: days,
            description: null,
            footer: null,
            issuer: null,
          },
  }
}

function startOf(
  step: Step,
  schedule: Schedule,
  { start_date: start }: PhaseParams[number],
): number {
  const began = schedule.current_phase?.start_date ?? step.now
  if (start === undefined || start === 'now' || start === began) return began
  throw invalid('You cannot modify the start date of the current phase.', 'phases[0][start_date]')
}

function refuseUnlessActive({ status }: Schedule): void {
  if (status === 'active' || status === 'not_started') return
  throw invalid(`You cannot change a subscription schedule that is in the \`${status}\` status.`)
}

function attachedTo(step: Step, schedule: Schedule): Subscription {
  const subscription = step.find('subscriptions', schedule.subscription ?? '')
  if (subscription === undefined) throw new Error(`${schedule.id} has no subscription`)
  return subscription
}
