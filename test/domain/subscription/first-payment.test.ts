import { describe, expect, test } from 'vitest'
import { accessUntil } from '../../../domain/subscription/access.ts'
import { observe } from '../../../domain/subscription/observation.ts'
import type { InvoiceFacts, SubscriptionSnapshot } from '../../../domain/stripe/snapshot.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import { changesBetween } from '../../../domain/subscription/timeline.ts'
import {
  aStripeSubscription,
  aSubscription,
  anActiveSubscription,
  START,
} from '../../support/builders.ts'

const at = new Date('2026-02-10T00:00:00Z')
const checkout = { sessionId: 'cs_1', url: 'https://pay', expiresAt: at, planVersionId: 'plan' }

describe('a first payment that a bank answers after days', () => {
  const open: InvoiceFacts = {
    id: 'in_1',
    number: 'A-1',
    reason: 'subscription_create',
    status: 'open',
    currency: 'usd',
    amounts: { subtotalMinor: 2_000, discountMinor: 0, taxMinor: 319, totalMinor: 2_000 },
    amountDueMinor: 2_000,
    amountPaidMinor: 0,
    creditUsedMinor: 0,
    hostedUrl: null,
  }
  const processing = aStripeSubscription({ latestInvoice: open, isProcessing: true })
  const refused = aStripeSubscription({
    latestInvoice: { ...open, status: 'void' },
    status: 'canceled',
    rawStatus: 'canceled',
  })
  const session = {
    id: checkout.sessionId,
    status: 'complete',
    stripeSubscriptionId: 'sub_1',
    email: null,
  } as const
  const seen = (before: Subscription, subscription: SubscriptionSnapshot) =>
    observe(before, {
      snapshot: { session, subscription },
      planOfPrice: new Map(),
      pendingPlan: null,
      at,
    })

  test('gives nothing before it is paid, whichever status Stripe has meanwhile', () => {
    const before = aSubscription({ checkout })
    for (const status of ['active', 'incomplete'] as const)
      expect(seen(before, { ...processing, status, rawStatus: status })).toEqual({
        ...before,
        paymentProcessing: 'first',
      })
  })

  test('leaves a free plan as it is until then, and when the bank refuses', () => {
    const free = anActiveSubscription({ stripeSubscriptionId: null, checkout })
    const waiting = seen(free, processing)
    expect(waiting).toEqual({ ...free, paymentProcessing: 'first' })
    expect(seen(waiting, refused)).toEqual({ ...free, checkout: null })
  })

  test('that is refused ends the subscription, also when nobody saw it being processed', () => {
    for (const paymentProcessing of ['first', null] as const) {
      const before = aSubscription({ checkout, paymentProcessing })
      const after = seen(before, refused)
      expect(after).toMatchObject({ status: 'incomplete_expired', paymentProcessing: null })
      expect(changesBetween(before, after, at).map(({ kind }) => kind)).toEqual([
        'expired',
        'payment_refused_by_bank',
      ])
    }
  })

  test('after a trial gives no access to the first paid period either', () => {
    const trialEnd = START
    const before = anActiveSubscription({ status: 'trialing', trialEnd })
    const renewal = { ...open, reason: 'subscription_cycle' }
    const after = seen(before, { ...processing, trialEnd, latestInvoice: renewal })
    expect(after).toMatchObject({ status: 'active', paymentProcessing: 'first' })
    expect(accessUntil(after, { graceDays: 7, whileCollectionPaused: 'as_stripe' })).toBeNull()
  })
})
