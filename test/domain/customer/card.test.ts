import { expect, test } from 'vitest'
import { expiryOf, letterAboutCard } from '../../../domain/customer/card.ts'
import { money } from '../../../domain/money.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import { aPlan, anActiveSubscription, type GivenFacts } from '../../support/builders.ts'

const plan = aPlan({ period: 'yearly' })
const START = new Date('2026-03-15T10:00:00.000Z')
const RENEWAL = new Date('2027-03-15T10:00:00.000Z')
const CARD = { last4: '4242', expiresAt: expiryOf(2027, 2) }
const subscription = (given: GivenFacts = {}) =>
  anActiveSubscription({ anchor: START, period: { start: START, end: RENEWAL }, ...given })
const missed = (
  at: string,
  given: GivenFacts = {},
  { card = CARD, pendingPlan }: { card?: typeof CARD; pendingPlan?: PlanVersion } = {},
) =>
  letterAboutCard(subscription(given), { plan, pendingPlan }, card, new Date(at))?.content.card
    ?.missed ?? null

const SOON = '2027-02-20T00:00:00Z'
const IN_TIME = '2027-02-13T10:00:00Z'
const TOO_EARLY = '2027-02-13T09:59:59Z'

test('a card is valid to the end of its month', () => {
  expect(expiryOf(2027, 12)).toEqual(new Date('2028-01-01T00:00:00.000Z'))
})

test('the letter comes 30 days before the first renewal that the card misses, and not after it', () => {
  expect(missed(TOO_EARLY)).toBeNull()
  expect(missed(IN_TIME)).toBe(RENEWAL.toISOString())
  expect(missed('2027-03-15T09:59:59Z')).toBe(RENEWAL.toISOString())
  expect(missed('2027-03-15T10:00:00Z')).toBeNull()
  expect(missed(SOON, {}, { card: { ...CARD, expiresAt: expiryOf(2027, 3) } })).toBeNull()
})

test('a card that expires within the hour before Stripe charges the renewal misses it', () => {
  const renewingAt = (end: string) => {
    const anchor = new Date(end.replace('2027', '2026'))
    return missed(SOON, { anchor, period: { start: anchor, end: new Date(end) } })
  }
  expect(renewingAt('2027-02-28T23:00:00.000Z')).toBe('2027-02-28T23:00:00.000Z')
  expect(renewingAt('2027-02-28T22:59:59.000Z')).toBeNull()
})

test('in a short month the renewal after the next one counts, too', () => {
  const monthly = aPlan({ period: 'monthly' })
  const anchor = new Date('2027-01-01T10:00:00.000Z')
  const period = { start: anchor, end: new Date('2027-02-01T10:00:00.000Z') }
  const of = anActiveSubscription({ anchor, period })
  const letter = (at: string) => letterAboutCard(of, { plan: monthly }, CARD, new Date(at))
  // The card pays on February 1, and misses March 1.
  expect(letter('2027-01-30T09:59:59Z')).toBeNull()
  expect(letter('2027-01-30T10:00:00Z')?.content.card?.missed).toBe('2027-03-01T10:00:00.000Z')
})

test('no letter comes where nothing will be charged', () => {
  expect(missed(SOON, { cancelAt: RENEWAL })).toBeNull()
  expect(missed(SOON, { status: 'paused' })).toBeNull()
  expect(missed(SOON, { status: 'past_due' })).toBeNull()
  expect(missed(SOON, { status: 'canceled', endedAt: START })).toBeNull()
  const collectionPause = { behavior: 'void', resumesAt: null, paidUntil: START }
  expect(missed(SOON, { collectionPause })).toBeNull()
  const free = aPlan({ price: money(0, 'usd') })
  const pendingChange = {
    kind: 'scheduled',
    planVersionId: free.id,
    quantity: 1,
    addons: [],
    at: RENEWAL,
    paymentUrl: null,
  } as const
  expect(missed(SOON, { pendingChange }, { pendingPlan: free })).toBeNull()
  const discount = {
    couponId: 'whole',
    promotionCode: null,
    percentOff: 100,
    amountOffMinor: null,
    currency: null,
    endsAt: null,
  }
  expect(missed(SOON, { discount })).toBeNull()
  expect(missed(SOON, { discount: { ...discount, endsAt: START } })).not.toBeNull()
  expect(missed(SOON, { cancelAt: new Date(RENEWAL.getTime() + 1) })).not.toBeNull()
})

test('each card has one letter: another card or another expiry is another one', () => {
  const of = subscription()
  const key = (card: typeof CARD) => letterAboutCard(of, { plan }, card, new Date(SOON))?.key
  expect(key(CARD)).toBe(key({ ...CARD }))
  expect(key(CARD)).not.toBe(key({ ...CARD, last4: '4444' }))
  expect(key(CARD)).not.toBe(key({ ...CARD, expiresAt: expiryOf(2027, 1) }))
})
