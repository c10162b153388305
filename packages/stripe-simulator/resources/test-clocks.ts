import type { Stripe } from 'stripe'
import { recurrence } from '../billing/amounts.ts'
import { boundary, DAY } from '../billing/calendar.ts'
import { endSubscription, isOver } from '../billing/changes.ts'
import { rowByPath } from '../http/by-path.ts'
import { listPage, paging } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import { integer, required, text, unmodelled, type Covers } from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import { newId } from '../store/ids.ts'
import type { TestClock } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'

/** A test clock is deleted after this time. */
const KEPT_FOR = 30 * DAY
/** One call advances a clock by at most this many intervals of its shortest subscription. */
const INTERVALS_MAX = 2

const CREATE = {
  customer: unmodelled,
  frozen_time: required(integer(0)),
  name: text(300),
} as const satisfies Covers<Stripe.TestHelpers.TestClockCreateParams>

const byPath = (step: Step, ids: Ids): TestClock =>
  rowByPath(step, { table: 'testClocks', noun: 'test clock', param: 'test_clock' }, ids)

/** Test clocks: create, retrieve, advance, delete and list. @see https://docs.stripe.com/billing/testing/test-clocks */
export const testClocks = [
  operation('POST /v1/test_helpers/test_clocks', {
    answers: 'test_helpers.test_clock',
    params: CREATE,
    run(step, { params }) {
      const clock = step.put('testClocks', {
        id: newId('clock_1'),
        object: 'test_helpers.test_clock',
        created: step.now,
        deletes_after: step.now + KEPT_FOR,
        frozen_time: params.frozen_time,
        livemode: false,
        name: params.name ?? null,
        status: 'ready',
        status_details: {},
      })
      emit(step, 'test_helpers.test_clock.created', clock)
      return clock
    },
  }),
  operation('GET /v1/test_helpers/test_clocks/:id', {
    answers: 'test_helpers.test_clock',
    params: {},
    run: (step, { ids }) => byPath(step, ids),
  }),
  operation('POST /v1/test_helpers/test_clocks/:id/advance', {
    answers: 'test_helpers.test_clock',
    params: { frozen_time: required(integer(0)) },
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      if (params.frozen_time <= row.frozen_time) {
        throw invalid('The new frozen_time must be after the current frozen_time.', 'frozen_time')
      }
      const furthest = furthestOf(step, row)
      if (params.frozen_time > furthest) {
        throw invalid(
          `A test clock can be advanced by at most ${INTERVALS_MAX} intervals at a time: to ${furthest}.`,
          'frozen_time',
        )
      }
      // Due changes on the way happen directly after this step, before the next call.
      const moved = step.put('testClocks', { ...row, frozen_time: params.frozen_time })
      const advancing: TestClock = { ...moved, status: 'advancing' }
      emit(step, 'test_helpers.test_clock.advancing', advancing)
      emit(step, 'test_helpers.test_clock.ready', moved)
      return advancing
    },
  }),
  operation('DELETE /v1/test_helpers/test_clocks/:id', {
    answers: 'test_helpers.test_clock',
    params: {},
    run(step, { ids }) {
      const row = byPath(step, ids)
      for (const each of step.rows('subscriptions', { index: 'test_clock', key: row.id })) {
        if (!isOver(each)) endSubscription(step, each, 'cancellation_requested')
      }
      for (const { id } of step.rows('customers', { index: 'test_clock', key: row.id })) {
        step.put('customers', { id, object: 'customer', deleted: true })
      }
      step.erase('testClocks', row.id)
      emit(step, 'test_helpers.test_clock.deleted', row)
      return { id: row.id, object: 'test_helpers.test_clock', deleted: true }
    },
  }),
  operation('GET /v1/test_helpers/test_clocks', {
    answers: 'test_helpers.test_clock',
    isList: true,
    params: paging,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/test_helpers/test_clocks',
        noun: 'test clock',
        table: 'testClocks',
        walk: undefined,
        params,
        where: () => true,
      }),
  }),
]

function furthestOf(step: Step, clock: TestClock): number {
  const ends = [...step.rows('subscriptions', { index: 'test_clock', key: clock.id })]
    .filter((each) => !isOver(each))
    .map((each) => boundary(clock.frozen_time, recurrence(each.items.data), INTERVALS_MAX))
  const aloneFor = { interval: 'year', interval_count: 1 } as const
  return ends.length === 0
    ? boundary(clock.frozen_time, aloneFor, INTERVALS_MAX)
    : Math.min(...ends)
}
