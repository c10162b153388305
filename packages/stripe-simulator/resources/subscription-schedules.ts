import type { Stripe } from 'stripe'
import { endSubscription, isOver, reviseSubscription } from '../billing/changes.ts'
import { applyPhase, releaseSchedule } from '../billing/schedule.ts'
import { closeSchedule } from '../billing/schedule-end.ts'
import { rowByPath } from '../http/by-path.ts'
import { listPage, paging, within } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import {
  flag,
  id,
  ignored,
  metadata,
  oneOf,
  range,
  required,
  unmodelled,
  type Covers,
  type Values,
} from '../http/params.ts'
import { invalid, missing } from '../http/refusal.ts'
import { newSchedule } from '../objects/schedule.ts'
import type { Schedule } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { mergeMetadata } from './metadata.ts'
import { prorationBehavior } from './shared-params.ts'
import { attachedTo, PHASES, phasesOf } from './schedule-phases.ts'

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
  phases: PHASES,
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

/**
 * Schedules: create, retrieve, update, release, cancel and list.
 * @see https://docs.stripe.com/billing/subscriptions/subscription-schedules
 */
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

function refuseUnlessActive({ status }: Schedule): void {
  if (status === 'active' || status === 'not_started') return
  throw invalid(`You cannot change a subscription schedule that is in the \`${status}\` status.`)
}
