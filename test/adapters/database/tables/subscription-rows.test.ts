import type { Selectable } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SubscriptionsTable } from '../../../../adapters/database/tables/schema.ts'
import {
  ImpossibleSubscriptionError,
  rowFromSubscription,
  subscriptionFromRow,
} from '../../../../adapters/database/tables/subscription-rows.ts'
import type { Subscription } from '../../../../domain/subscription/subscription.ts'
import { anActiveSubscription, aSubscription, START, withFacts } from '../../../support/builders.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { storeSubscription } from '../../../support/rows.ts'

type Row = Selectable<SubscriptionsTable>

const incomplete = aSubscription()
const active = anActiveSubscription()
const trialing = withFacts(active, { status: 'trialing', trialEnd: START })
const pastDue = withFacts(active, { status: 'past_due', pastDueSince: START })
const canceled = withFacts(active, { status: 'canceled', endedAt: START })

/** The row as it is read: the database returns JSON parsed. */
const rowOf = (subscription: Subscription, changes: Partial<Record<keyof Row, unknown>> = {}) =>
  ({
    ...rowFromSubscription(subscription),
    addons: subscription.addons,
    pending_addons: subscription.pendingChange && subscription.pendingChange.addons,
    foreign_items: subscription.foreignItems,
    ...changes,
  }) as Row

describe('a row of each status is read as it was written', () => {
  test.each([
    incomplete,
    trialing,
    active,
    pastDue,
    withFacts(active, { status: 'unpaid' }),
    withFacts(active, { status: 'paused', resumesAt: START }),
    canceled,
    withFacts(incomplete, { status: 'incomplete_expired', endedAt: START }),
  ])('$status', (subscription) => {
    expect(subscriptionFromRow(rowOf(subscription))).toEqual(subscription)
  })
})

/** Rows that the database refuses too, by the name of its constraint. */
const REFUSED: [rule: string, Subscription, Partial<Record<keyof Row, unknown>>][] = [
  ['status_is_known', incomplete, { status: 'hibernating' }],
  ['period_is_whole', active, { period_start: null }],
  ['period_is_half_open', active, { period_end: START }],
  ['running_has_a_period', active, { anchor: null }],
  ['running_has_a_period', trialing, { period_start: null, period_end: null }],
  ['past_due_has_a_beginning', pastDue, { past_due_since: null }],
  ['past_due_has_a_beginning', active, { past_due_since: START }],
  ['past_due_has_a_beginning', canceled, { past_due_since: START }],
  ['ended_exactly_when_over', canceled, { ended_at: null }],
  ['ended_exactly_when_over', active, { ended_at: START }],
  ['only_the_paused_resume', active, { resumes_at: START }],
  ['only_the_paused_resume', incomplete, { resumes_at: START }],
  ['checkout_is_whole', incomplete, { checkout_session_id: 'cs_1' }],
  ['checkout_is_whole', active, { checkout_url: 'https://pay' }],
  ['pending_change_is_whole', active, { pending_kind: 'scheduled', pending_at: START }],
  ['pending_change_is_whole', active, { pending_payment_url: 'https://pay' }],
  ['subscription_has_one_or_more', active, { quantity: 0 }],
  ['trialing_has_an_end', trialing, { trial_end: null }],
]

test.each(REFUSED)('%s: $1.status with %j is refused', (rule, of, changes) => {
  const read = () => subscriptionFromRow(rowOf(of, changes))
  expect(read).toThrow(ImpossibleSubscriptionError)
  expect(read).toThrow(`subscription ${of.id} breaks the constraint ${rule}`)
})

describe('the database refuses the same rows', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createDatabase()
  })
  afterAll(() => database.close())

  test.each(REFUSED)('%s: $1.status with %j', async (rule, of, changes) => {
    const { userId, planVersionId } = await storeSubscription(database.repositories, { at: START })
    const row = rowOf(withFacts(of, { userId, planVersionId }), changes)
    const inserting = database.pool.query(
      'insert into subscriptions select * from jsonb_populate_record(null::subscriptions, $1)',
      [JSON.stringify(row)],
    )
    await expect(inserting).rejects.toMatchObject({ constraint: rule })
  })
})
