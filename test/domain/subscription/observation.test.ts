import { describe, expect, test } from 'vitest'
import { accessUntil } from '../../../domain/subscription/access.ts'
import { money } from '../../../domain/money.ts'
import { lettersFor } from '../../../domain/customer/letter.ts'
import { observe } from '../../../domain/subscription/observation.ts'
import type { SubscriptionSnapshot } from '../../../domain/stripe/snapshot.ts'
import { FOREVER } from '../../../domain/usage/quota-window.ts'
import { STATUSES } from '../../../domain/subscription/subscription.ts'
import { changesBetween } from '../../../domain/subscription/timeline.ts'
import {
  aPlan,
  aStripeSubscription,
  aSubscription,
  anActiveSubscription,
  START,
} from '../../support/builders.ts'

const plan = aPlan()
const at = new Date('2026-02-10T00:00:00Z')
const seen = (subscription: SubscriptionSnapshot | null) => ({
  snapshot: { session: null, subscription },
  planOfPrice: new Map([['price_1', plan]]),
  pendingPlan: null,
  at,
})
const checkout = { sessionId: 'cs_1', url: 'https://pay', expiresAt: at, planVersionId: plan.id }
const session = { id: 'cs_1', stripeSubscriptionId: null, email: null }

describe('the state at Stripe is applied', () => {
  test('a paid checkout activates, and is confirmed by one letter and one entry', () => {
    const before = aSubscription({ planVersionId: plan.id, checkout })
    const after = observe(before, seen(aStripeSubscription()))
    expect(after).toMatchObject({ status: 'active', anchor: START, checkout: null })
    expect(changesBetween(before, after, at).map((change) => change.kind)).toEqual(['activated'])
    expect(lettersFor(before, after, { plan }, at).map((letter) => letter.kind)).toEqual([
      'subscription_confirmed',
    ])
  })

  test('the same snapshot again changes nothing and sends nothing', () => {
    const before = observe(aSubscription({ planVersionId: plan.id }), seen(aStripeSubscription()))
    const after = observe(before, seen(aStripeSubscription()))
    expect(changesBetween(before, after, at)).toEqual([])
    expect(lettersFor(before, after, { plan }, at)).toEqual([])
  })

  test('a new period is one renewal; its invoice reports the payment', () => {
    const before = anActiveSubscription({ planVersionId: plan.id })
    const period = { start: before.period!.end, end: new Date('2026-03-31T10:00:00Z') }
    const after = observe(before, seen(aStripeSubscription({ period })))
    expect(changesBetween(before, after, at).map((change) => change.kind)).toEqual(['renewed'])
    expect(lettersFor(before, after, { plan }, at)).toEqual([])
  })

  test('past due begins when it is first seen, and stays there while it lasts', () => {
    const late = aStripeSubscription({ status: 'past_due', rawStatus: 'past_due' })
    const first = observe(anActiveSubscription({ planVersionId: plan.id }), seen(late))
    const second = observe(first, { ...seen(late), at: new Date('2026-03-01T00:00:00Z') })
    expect(first.pastDueSince).toEqual(at)
    expect(second.pastDueSince).toEqual(at)
  })

  test.each([
    ['that Stripe ended when a worker’s clock was a minute ahead', 60_000, 'active'],
    ['that somebody else ended an hour before it was due', 3_600_000, 'canceled'],
  ])(
    'a subscription that leaves for a free plan, %s, becomes what it should',
    (_what, early, status) => {
      const free = aPlan({ price: money(0, 'usd'), stripePriceId: null })
      const kind = 'scheduled' as const
      const change = { kind, planVersionId: free.id, quantity: 1, addons: [], at, paymentUrl: null }
      const before = anActiveSubscription({ planVersionId: plan.id, pendingChange: change })
      const endedAt = new Date(at.getTime() - early)
      const ended = aStripeSubscription({ status: 'canceled', rawStatus: 'canceled', endedAt })
      expect(observe(before, { ...seen(ended), pendingPlan: free }).status).toBe(status)
    },
  )

  test('an object that Stripe no longer has is a cancellation', () => {
    const after = observe(anActiveSubscription(), seen({ kind: 'deleted', id: 'sub_1' }))
    expect(after).toMatchObject({ status: 'canceled', endedAt: at, cancelAt: null })
  })

  test('a status that Stripe adds later changes nothing and is shown as drift', () => {
    const before = anActiveSubscription()
    const after = observe(
      before,
      seen(aStripeSubscription({ status: null, rawStatus: 'hibernating' })),
    )
    expect(after).toEqual({ ...before, drift: "Stripe's status hibernating is unknown here" })
  })

  test('a price that belongs to no plan keeps the plan and is shown as drift', () => {
    const before = anActiveSubscription({ planVersionId: plan.id })
    const after = observe(before, {
      ...seen(aStripeSubscription({ priceId: 'price_other' })),
      planOfPrice: new Map(),
      pendingPlan: null,
    })
    expect(after.planVersionId).toBe(plan.id)
    expect(after.drift).toContain('price_other')
  })

  test('an ended subscription stays unchanged, however late an event comes', () => {
    for (const status of ['canceled', 'incomplete_expired'] as const) {
      const over = aSubscription({ status, endedAt: at })
      expect(observe(over, seen(aStripeSubscription()))).toBe(over)
    }
  })
})

describe('a page that nobody paid on', () => {
  const expired = {
    snapshot: {
      session: { ...session, status: 'expired' as const },
      subscription: null,
    },
    planOfPrice: new Map(),
    pendingPlan: null,
    at,
  }

  test('ends the subscription that waited for it', () => {
    const after = observe(aSubscription({ checkout }), expired)
    expect(after).toMatchObject({ status: 'incomplete_expired', endedAt: at, checkout: null })
  })

  test('leaves a running subscription running', () => {
    const before = anActiveSubscription({ stripeSubscriptionId: null, checkout })
    expect(observe(before, expired)).toEqual({ ...before, checkout: null })
  })

  test('does nothing when another page has taken its place', () => {
    const before = aSubscription({ checkout: { ...checkout, sessionId: 'cs_2' } })
    expect(observe(before, expired)).toBe(before)
  })
})

describe('access is a policy apart from status', () => {
  const policy = { graceDays: 7, whileCollectionPaused: 'as_stripe' } as const

  test('every status has an answer', () => {
    for (const status of STATUSES)
      expect(() =>
        accessUntil(aSubscription({ status, endedAt: at, pastDueSince: at }), policy),
      ).not.toThrow()
  })

  test('past due keeps access for the days of grace, counted from its beginning', () => {
    const until = accessUntil(aSubscription({ status: 'past_due', pastDueSince: at }), policy)
    expect(until).toEqual(new Date('2026-02-17T00:00:00Z'))
  })

  test('paused collection ends access where Stripe gives no service, as the policy says', () => {
    const paidUntil = new Date('2026-02-28T00:00:00Z')
    const until = (behavior: string, whileCollectionPaused: 'as_stripe' | 'keep' | 'none') =>
      accessUntil(
        anActiveSubscription({ collectionPause: { behavior, resumesAt: null, paidUntil } }),
        { ...policy, whileCollectionPaused },
      )
    expect(until('void', 'as_stripe')).toEqual(paidUntil)
    expect(until('void', 'keep')).toEqual(FOREVER)
    for (const gift of ['keep_as_draft', 'mark_uncollectible']) {
      expect(until(gift, 'as_stripe')).toEqual(FOREVER)
      expect(until(gift, 'none')).toEqual(paidUntil)
    }
  })

  test('a cancellation that is scheduled keeps access to its day', () => {
    const cancelAt = new Date('2026-02-28T00:00:00Z')
    expect(accessUntil(anActiveSubscription({ cancelAt }), policy)).toEqual(cancelAt)
  })
})
