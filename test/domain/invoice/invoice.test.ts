import { describe, expect, test } from 'vitest'
import {
  changesOfInvoice,
  failedAttempts,
  isAhead,
  isDisputed,
  applyInvoiceSnapshot,
  type Invoice,
} from '../../../domain/invoice/invoice.ts'
import { lettersOfInvoice } from '../../../domain/customer/invoice-letter.ts'
import { inboxQueueOf } from '../../../domain/stripe/event.ts'
import { anActiveSubscription, aPlan, START } from '../../support/builders.ts'

const plan = aPlan()
const subscription = anActiveSubscription({ planVersionId: plan.id })
const at = new Date('2026-02-28T12:00:00Z')
const end = new Date('2026-03-31T10:00:00Z')

const anInvoice = (given: Partial<Invoice> = {}): Invoice => ({
  id: 'in_1',
  subscriptionId: subscription.id,
  number: 'A-1',
  status: 'open',
  reason: 'subscription_cycle',
  currency: 'usd',
  amounts: { subtotalMinor: 2_000, discountMinor: 0, taxMinor: 319, totalMinor: 2_000 },
  amountDueMinor: 2_000,
  amountPaidMinor: 0,
  period: { start: subscription.period!.end, end },
  collection: 'none',
  attemptCount: 0,
  nextPaymentAttempt: null,
  dueAt: null,
  hostedUrl: 'https://pay',
  createdAt: START,
  paidAt: null,
  creditUsedMinor: 0,
  creditedMinor: 0,
  isEmpty: false,
  refundedMinor: 0,
  disputeStatus: null,
  observedSeq: 1,
  ...given,
})
const declined = (attemptCount: number) => anInvoice({ collection: 'declined', attemptCount })
const paid = anInvoice({ status: 'paid', collection: 'collected', attemptCount: 3, paidAt: at })
const kinds = (before: Invoice | undefined, after: Invoice) =>
  changesOfInvoice(before, after, subscription).map(({ kind }) => kind)
const keys = (invoice: Invoice, now = at) =>
  lettersOfInvoice({ before: undefined, after: invoice }, subscription, { plan }, now).map(
    ({ key }) => key.split('/').slice(2).join('/'),
  )

describe('attempts to collect an invoice', () => {
  test('are counted if they failed: the last one may have succeeded or be in progress', () => {
    expect(failedAttempts(declined(2))).toBe(2)
    expect(failedAttempts(paid)).toBe(2)
    expect(failedAttempts(anInvoice({ collection: 'processing', attemptCount: 1 }))).toBe(0)
    expect(failedAttempts(anInvoice())).toBe(0)
  })

  test('that were missed get their entries later, each once', () => {
    expect(kinds(undefined, declined(3))).toEqual(['payment_retry_failed', 'payment_retry_failed'])
    expect(kinds(declined(2), declined(3))).toEqual(['payment_retry_failed'])
    expect(kinds(declined(3), declined(3))).toEqual([])
    expect(kinds(declined(2), paid)).toEqual([])
  })

  test('of a renewal start with the subscription’s entry, of another invoice with their own', () => {
    expect(kinds(undefined, declined(1))).toEqual([])
    const upgrade = { ...declined(1), reason: 'subscription_update' }
    expect(kinds(undefined, upgrade)).toEqual(['payment_failed'])
  })

  test('of a first purchase give no entries: Stripe’s page shows them', () => {
    const first = { ...declined(2), reason: 'subscription_create' }
    expect(kinds(undefined, first)).toEqual([])
    expect(keys(first)).toEqual([])
  })
})

describe('letters about an invoice', () => {
  test('are keyed by invoice and attempt, so the same reading has the same key', () => {
    expect(keys(declined(2))).toEqual(['payment_failed/in_1/2'])
    expect(keys(anInvoice({ collection: 'action_required', attemptCount: 1 }))).toEqual([
      'action_required/in_1/1',
    ])
    expect(keys(paid)).toEqual(['renewed/in_1'])
  })

  test('are not sent for old payments, nor for invoices that are not collected', () => {
    expect(keys(paid, new Date('2026-03-10T00:00:00Z'))).toEqual([])
    expect(keys({ ...declined(2), status: 'void' })).toEqual([])
    expect(keys({ ...paid, reason: 'subscription_update' })).toEqual([])
    expect(keys(anInvoice())).toEqual([])
  })

  test('contain the amount due and the next attempt', () => {
    const invoice = { ...declined(1), nextPaymentAttempt: end, amountDueMinor: 1_234 }
    const [letter] = lettersOfInvoice(
      { before: undefined, after: invoice },
      subscription,
      { plan },
      at,
    )
    expect(letter!.content).toMatchObject({
      amountMinor: 1_234,
      nextAttempt: end.toISOString(),
      payUrl: 'https://pay',
    })
  })
})

describe('an invoice is ahead of its subscription', () => {
  const current = { ...subscription, period: { start: subscription.period!.end, end } }
  test('if it is paid or declined and the status does not show it', () => {
    expect(isAhead(paid, { ...current, status: 'past_due' })).toBe(true)
    expect(isAhead(declined(1), current)).toBe(true)
    expect(isAhead(declined(1), { ...current, status: 'past_due' })).toBe(false)
    expect(isAhead(paid, current)).toBe(false)
  })

  test('if its period has not started here', () => {
    expect(isAhead(anInvoice({ status: 'draft' }), subscription)).toBe(true)
    expect(isAhead(anInvoice({ status: 'draft' }), current)).toBe(false)
  })

  test('never after the subscription has ended', () => {
    expect(isAhead(paid, { ...subscription, status: 'canceled' })).toBe(false)
  })
})

describe('returned money', () => {
  const snapshot = ({
    moneyBack,
  }: {
    moneyBack: { refundedMinor: number; disputeStatus: string | null } | null
  }) => {
    const {
      subscriptionId: _id,
      observedSeq: _seq,
      refundedMinor: _minor,
      disputeStatus: _status,
      ...rest
    } = paid
    return { ...rest, moneyBack }
  }

  test('is kept if a reading did not ask for it', () => {
    const before = { ...paid, refundedMinor: 500, disputeStatus: 'won' }
    expect(applyInvoiceSnapshot(before, snapshot({ moneyBack: null }), subscription.id)).toEqual({
      ...before,
      observedSeq: 2,
    })
    const asked = { refundedMinor: 0, disputeStatus: null }
    expect(
      applyInvoiceSnapshot(before, snapshot({ moneyBack: asked }), subscription.id),
    ).toMatchObject(asked)
  })

  test('a dispute with an unknown status counts as open', () => {
    for (const over of ['won', 'lost', 'warning_closed', 'prevented'])
      expect(isDisputed({ disputeStatus: over })).toBe(false)
    expect(isDisputed({ disputeStatus: 'a word of 2030' })).toBe(true)
    expect(kinds(paid, { ...paid, disputeStatus: 'needs_response' })).toEqual(['dispute_opened'])
  })
})

test('each type of event has its inbox queue', () => {
  for (const type of ['invoice.paid', 'refund.failed', 'charge.refunded', 'charge.dispute.closed'])
    expect(inboxQueueOf(type)).toBe('invoices')
  for (const type of ['customer.subscription.updated', 'charge.succeeded'])
    expect(inboxQueueOf(type)).toBe('facts')
})
