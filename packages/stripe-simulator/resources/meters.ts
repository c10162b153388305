import type { Stripe } from 'stripe'
import { DAY } from '../billing/calendar.ts'
import { rowByPath } from '../http/by-path.ts'
import { listPage, paging } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import {
  fields,
  id,
  integer,
  metadata,
  oneOf,
  required,
  text,
  type Covers,
} from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import { newId } from '../store/ids.ts'
import type { Meter } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'

/** How far in the past or future an event's timestamp may be. */
const EVENT_AGE_MAX = 35 * DAY
const EVENT_AHEAD_MAX = 300

const CREATE = {
  customer_mapping: fields({
    event_payload_key: required(text(100)),
    type: required(oneOf('by_id')),
  }),
  default_aggregation: required(fields({ formula: required(oneOf('count', 'last', 'sum')) })),
  display_name: required(text(250)),
  event_name: required(text(100)),
  event_time_window: oneOf('day', 'hour'),
  value_settings: fields({ event_payload_key: required(text(100)) }),
} as const satisfies Covers<Stripe.Billing.MeterCreateParams>

const EVENT = {
  event_name: required(text(100)),
  identifier: text(100),
  // A map of strings, read like metadata.
  payload: required(metadata()),
  timestamp: integer(0),
} as const satisfies Covers<Stripe.Billing.MeterEventCreateParams>

const SUMMARIES = {
  ...paging,
  customer: required(id()),
  start_time: required(integer(0)),
  end_time: required(integer(0)),
} as const

const byPath = (step: Step, ids: Ids): Meter =>
  rowByPath(step, { table: 'meters', noun: 'billing meter' }, ids)

const notWhole = () =>
  invalid('The Stripe simulator models whole numbers only.', 'payload[value]', 'not_simulated')

/** How long an event with a repeated identifier is not counted again. */
const IDENTIFIER_LASTS = DAY

/** Whether an event with this identifier was counted within a day. */
function isRepeated(step: Step, key: string): boolean {
  for (const { receivedAt } of step.rows('meterEvents', { index: 'identifier', key }))
    if (receivedAt > step.now - IDENTIFIER_LASTS) return true
  return false
}

/** Meters and their events. @see https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage */
export const meters = [
  operation('POST /v1/billing/meters', {
    answers: 'billing.meter',
    params: CREATE,
    run(step, { params }) {
      const meter = step.put('meters', {
        id: newId('mtr_test'),
        object: 'billing.meter',
        created: step.now,
        customer_mapping: params.customer_mapping ?? {
          event_payload_key: 'stripe_customer_id',
          type: 'by_id',
        },
        default_aggregation: { formula: params.default_aggregation.formula },
        display_name: params.display_name,
        event_name: params.event_name,
        event_time_window: params.event_time_window ?? null,
        livemode: false,
        status: 'active',
        status_transitions: { deactivated_at: null },
        updated: step.now,
        value_settings: { event_payload_key: params.value_settings?.event_payload_key ?? 'value' },
      })
      emit(step, 'billing.meter.created', meter)
      return meter
    },
  }),
  operation('GET /v1/billing/meters/:id', {
    answers: 'billing.meter',
    params: {},
    run: (step, { ids }) => byPath(step, ids),
  }),
  operation('POST /v1/billing/meters/:id/deactivate', {
    answers: 'billing.meter',
    params: {},
    run: (step, { ids }) =>
      revise(step, 'meters', {
        row: byPath(step, ids),
        to: { status: 'inactive', status_transitions: { deactivated_at: step.now } },
        event: 'billing.meter.deactivated',
      }),
  }),
  operation('POST /v1/billing/meters/:id/reactivate', {
    answers: 'billing.meter',
    params: {},
    run: (step, { ids }) =>
      revise(step, 'meters', {
        row: byPath(step, ids),
        to: { status: 'active', status_transitions: { deactivated_at: null } },
        event: 'billing.meter.reactivated',
      }),
  }),
  operation('GET /v1/billing/meters', {
    answers: 'billing.meter',
    isList: true,
    params: { ...paging, status: oneOf('active', 'inactive') },
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/billing/meters',
        noun: 'billing meter',
        table: 'meters',
        walk: undefined,
        params,
        where: (row) => params.status === undefined || row.status === params.status,
      }),
  }),
  operation('GET /v1/billing/meters/:id/event_summaries', {
    answers: 'billing.meter_event_summary',
    isList: true,
    params: SUMMARIES,
    // Without grouping, the whole range is one summary.
    run(step, { ids, params }) {
      const { id: meter } = byPath(step, ids)
      const { customer, start_time: from, end_time: to } = params
      const value = [...step.rows('meterEvents', { index: 'customer', key: customer })]
        .filter((event) => event.meter === meter && event.timestamp >= from && event.timestamp < to)
        .reduce((sum, event) => sum + event.value, 0)
      const summary = {
        id: `mtrusg_test_${meter}`,
        object: 'billing.meter_event_summary',
        aggregated_value: value,
        end_time: to,
        livemode: false,
        meter,
        start_time: from,
      }
      const url = `/v1/billing/meters/${meter}/event_summaries`
      return { object: 'list', data: [summary], has_more: false, url }
    },
  }),
  operation('POST /v1/billing/meter_events', {
    answers: 'billing.meter_event',
    params: EVENT,
    run(step, { params }) {
      const meter = [...step.rows('meters', { index: 'event_name', key: params.event_name })].find(
        ({ status }) => status === 'active',
      )
      if (meter === undefined) {
        throw invalid(`No active meter found for event name ${params.event_name}.`, 'event_name')
      }
      const customer = params.payload[meter.customer_mapping.event_payload_key]
      const value = params.payload[meter.value_settings.event_payload_key]
      if (customer === undefined || value === undefined)
        throw invalid('Invalid payload.', 'payload')
      if (!Number.isSafeInteger(Number(value))) throw notWhole()
      const timestamp = params.timestamp ?? step.now
      if (timestamp < step.now - EVENT_AGE_MAX || timestamp > step.now + EVENT_AHEAD_MAX) {
        throw invalid('The timestamp is too far in the past or the future.', 'timestamp')
      }
      const identifier = params.identifier ?? newId('mevt')
      if (!isRepeated(step, identifier)) {
        const usage = { meter: meter.id, customer, value: Number(value), timestamp }
        // After a day an identifier is free again, and the earlier event stays.
        const isFree = step.find('meterEvents', identifier) === undefined
        const row = { id: isFree ? identifier : newId('mevt'), identifier, receivedAt: step.now }
        step.put('meterEvents', { ...row, ...usage })
      }
      return {
        object: 'billing.meter_event',
        created: step.now,
        event_name: params.event_name,
        identifier,
        livemode: false,
        payload: params.payload,
        timestamp,
      }
    },
  }),
]
