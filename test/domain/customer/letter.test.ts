import { describe, expect, test } from 'vitest'
import { composeMessage } from '../../../outbox/letters/compose.ts'
import type { LetterContent } from '../../../domain/customer/letter-content.ts'
import { LETTER_KINDS, lettersFor, type LetterKind } from '../../../domain/customer/letter.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import {
  anActiveSubscription,
  aPlan,
  aSubscription,
  START,
  withFacts,
} from '../../support/builders.ts'

const plan = aPlan()
const active = anActiveSubscription({ planVersionId: plan.id, observedSeq: 4 })
const kinds = (before: Subscription, after: Subscription, at = START) =>
  lettersFor(before, after, { plan }, at).map(({ kind }) => kind)

describe('a customer gets a letter', () => {
  test('about each plan change, but not about a first purchase as one', () => {
    const before = { ...active, planVersionId: 'other' }
    expect(kinds(before, active)).toEqual(['plan_changed'])
    const later = { ...before, observedSeq: 9 }
    expect(lettersFor(before, active, { plan }, START)[0]!.key).not.toBe(
      lettersFor(later, active, { plan }, START)[0]!.key,
    )
    const free = { ...before, stripeSubscriptionId: null }
    expect(kinds(free, active)).toEqual(['subscription_confirmed'])
    expect(kinds(aSubscription(), active)).toEqual(['subscription_confirmed'])
  })

  test('about a pause and about resuming', () => {
    const paused = withFacts(active, { status: 'paused' })
    expect(kinds(active, paused)).toEqual(['subscription_paused'])
    expect(kinds(paused, active)).toEqual(['subscription_resumed'])
    expect(kinds(paused, paused)).toEqual([])
  })

  test('once before a trial ends in three days, and again if its end moved', () => {
    const trial = (end: string) =>
      anActiveSubscription({
        status: 'trialing',
        trialEnd: new Date(end),
        period: { start: START, end: new Date(end) },
        planVersionId: plan.id,
      })
    const trialing = trial('2026-02-14T10:00:00Z')
    expect(kinds(trialing, trialing, new Date('2026-02-11T09:59:59Z'))).toEqual([])
    expect(kinds(trialing, trialing, new Date('2026-02-11T10:00:00Z'))).toEqual(['trial_ending'])
    expect(kinds(trialing, trialing, new Date('2026-02-14T10:00:00Z'))).toEqual([])
    const keyOf = (of: Subscription, at: string) =>
      lettersFor(of, of, { plan }, new Date(at))[0]?.key
    expect(keyOf(trialing, '2026-02-12T00:00:00Z')).toBe(keyOf(trialing, '2026-02-13T00:00:00Z'))
    expect(keyOf(trial('2026-02-21T10:00:00Z'), '2026-02-20T00:00:00Z')).not.toBe(
      keyOf(trialing, '2026-02-12T00:00:00Z'),
    )
  })

  test('about no trial end if the trial was short from the start or ends with a cancellation', () => {
    const end = new Date('2026-02-02T10:00:00Z')
    const short = anActiveSubscription({
      status: 'trialing',
      trialEnd: end,
      period: { start: START, end },
      planVersionId: plan.id,
    })
    expect(kinds(short, short, new Date('2026-02-01T00:00:00Z'))).toEqual([])
    const canceled = { ...short, trialEnd: new Date('2026-02-14T10:00:00Z'), cancelAt: end }
    expect(kinds(canceled, canceled, new Date('2026-02-12T00:00:00Z'))).toEqual([])
  })
})

describe('the text of an e-mail', () => {
  const content = {
    planName: 'Pro',
    amountMinor: 2_000,
    currency: 'usd',
    periodEnd: '2026-02-28T10:00:00.000Z',
    trialEnd: '2026-02-14T10:00:00.000Z',
    nextAttempt: '2026-03-03T10:00:00.000Z',
    payUrl: 'https://pay.example/1',
    quota: {
      feature: 'messages_sent',
      threshold: 80,
      usedAmount: 8_000,
      quotaLimit: 10_000,
      resetsAt: '2026-02-28T10:00:00.000Z',
    },
  }
  const at = '2026-02-28T10:00:00.000Z'
  const price = { amountMinor: 900, currency: 'usd', period: 'monthly' } as const
  /** Contents of some kinds only. */
  const special: Partial<Record<LetterKind, Partial<LetterContent>>> = {
    payment_received: { endedAt: at },
    cancellation_scheduled: { next: { kind: 'end', at } },
    plan_change_scheduled: { next: { kind: 'change', at, planName: 'Starter', price } },
    plan_change_dropped: { dropped: { planName: 'Starter', because: 'time_passed' } },
    card_expiring: { card: { last4: '4242', validUntil: at, missed: at } },
    invoice_issued: { dueAt: at },
    invoice_overdue: { dueAt: at },
    trial_ending: { price, next: { kind: 'payment', at, amountMinor: 900 } },
    trial_started: { price, next: { kind: 'payment', at, amountMinor: 900 } },
  }
  const compose = (kind: (typeof LETTER_KINDS)[number], locale: string, given = content) =>
    composeMessage(
      {
        key: 'k',
        kind,
        content: { ...given, ...special[kind] },
        userId: 'ada',
        email: 'a@b.c',
        locale,
        attempts: 1,
      },
      'a@b.c',
      { senderName: 'Acme', manageUrl: undefined },
    )

  test.each(LETTER_KINDS)(
    '%s is there in English and Portuguese, with nothing left blank',
    async (kind) => {
      const [english, portuguese] = [await compose(kind, 'en'), await compose(kind, 'pt-BR')]
      expect(english.subject).not.toBe(portuguese.subject)
      for (const { subject, text } of [english, portuguese]) {
        expect(`${subject} ${text}`).toContain('Pro')
        expect(text).not.toMatch(/undefined|null|Invalid| {2}| [.,]/)
      }
    },
  )

  test('links to the invoice only if there is something to pay', async () => {
    expect((await compose('payment_failed', 'en')).text).toContain('Pay now: https://pay.example/1')
    expect((await compose('payment_failed', 'en')).html).toContain('href="https://pay.example/1"')
    expect((await compose('subscription_renewed', 'en')).text).not.toContain('http')
  })

  test('says when the payment is retried, or that it is not', async () => {
    expect((await compose('payment_failed', 'en')).text).toContain('March 3, 2026')
    const last = await compose('payment_failed', 'en', { ...content, nextAttempt: null as never })
    expect(last.text).toContain('will not try again')
  })

  test('is complete for a letter stored before a field existed', async () => {
    const { nextAttempt: _next, payUrl: _url, ...old } = content
    expect((await compose('payment_failed', 'en', old as never)).text).toContain('Pro')
  })
})
