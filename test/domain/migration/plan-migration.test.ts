import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../../../domain/money.ts'
import {
  conflictOfRoutes,
  moneyEffect,
  verdictOf,
} from '../../../domain/migration/plan-migration.ts'
import { aPlan, anActiveSubscription, START } from '../../support/builders.ts'

const priced = (amount: number, currency = 'usd') => aPlan({ price: money(amount, currency) })
const HALF = new Date('2026-02-14T10:00:00.000Z')
const change = (before: number, after: number) => ({
  before: priced(before),
  after: priced(after),
  when: 'now' as const,
  at: HALF,
})

describe('routes of migrations', () => {
  const running = [
    { id: 'a', from: ['v1'], to: 'v2' },
    { id: 'b', from: ['v3', 'v4'], to: 'v5' },
  ]

  test.each([
    [['v1', 'v2'], 'v2', { kind: 'cycle', with: null }],
    [['v2'], 'v1', { kind: 'cycle', with: 'a' }],
    [['v5'], 'v4', { kind: 'cycle', with: 'b' }],
    [['v1'], 'v6', { kind: 'overlap', with: 'a' }],
    [['v2'], 'v6', { kind: 'overlap', with: 'a' }],
    [['v6'], 'v3', { kind: 'overlap', with: 'b' }],
    [['v6'], 'v5', null],
    [['v6'], 'v7', null],
  ])('from %j to %s beside running ones: %j', (from, to, conflict) => {
    expect(conflictOfRoutes({ from, to }, running)).toEqual(conflict)
  })

  test('accepted one after the other have no cycle and move no subscription twice', () => {
    const version = fc.integer({ min: 1, max: 6 }).map((number) => `v${number}`)
    const route = fc.record({ from: fc.uniqueArray(version, { minLength: 1 }), to: version })
    fc.assert(
      fc.property(fc.array(route), (routes) => {
        const let_in: { id: string; from: string[]; to: string }[] = []
        for (const each of routes)
          if (conflictOfRoutes(each, let_in) === null)
            let_in.push({ ...each, id: String(let_in.length) })
        const sources = let_in.flatMap(({ from }) => from)
        expect(new Set(sources).size).toBe(sources.length)
        expect(let_in.filter(({ to }) => sources.includes(to))).toEqual([])
      }),
    )
  })
})

describe('money', () => {
  test('of a change in the middle of a period is half the difference', () => {
    expect(moneyEffect(anActiveSubscription(), change(2_000, 3_000))).toEqual({
      currency: 'usd',
      beforeMinor: 2_000,
      afterMinor: 3_000,
      nowMinor: 500,
    })
    expect(moneyEffect(anActiveSubscription(), change(3_000, 2_000)).nowMinor).toBe(-500)
  })

  test('is not charged at the period’s end, in a trial, or without Stripe', () => {
    const atEnd = { ...change(2_000, 3_000), when: 'period_end' as const }
    expect(moneyEffect(anActiveSubscription(), atEnd).nowMinor).toBe(0)
    const trial = anActiveSubscription({ status: 'trialing' })
    expect(moneyEffect(trial, change(2_000, 3_000)).nowMinor).toBe(0)
    const free = anActiveSubscription({ stripeSubscriptionId: null })
    expect(moneyEffect(free, change(0, 0)).nowMinor).toBe(0)
  })

  test('of a new period is its full price minus the unused rest of the old one', () => {
    const { before, ...rest } = change(2_000, 0)
    const after = aPlan({ period: 'yearly', price: money(20_000, 'usd') })
    expect(moneyEffect(anActiveSubscription(), { ...rest, before, after }).nowMinor).toBe(19_000)
  })

  test('never exceeds a whole period’s difference', () => {
    const amount = fc.integer({ min: 1, max: 99_999_999 })
    const instant = fc.date({
      min: START,
      max: new Date('2026-02-28T10:00:00.000Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(amount, amount, instant, (before, after, at) => {
        const { nowMinor } = moneyEffect(anActiveSubscription(), { ...change(before, after), at })
        expect(Math.abs(nowMinor)).toBeLessThanOrEqual(Math.abs(after - before) + 1)
      }),
    )
  })
})

describe('a subscription is not moved', () => {
  test.each([
    ['status', { status: 'past_due' as const, pastDueSince: START }],
    ['status', { status: 'paused' as const }],
    ['leaving', { cancelAt: HALF }],
    [
      'change_pending',
      {
        pendingChange: {
          kind: 'scheduled' as const,
          planVersionId: 'x',
          quantity: 1,
          addons: [],
          at: HALF,
          paymentUrl: null,
        },
      },
    ],
  ])('because of: %s', (verdict, given) => {
    expect(verdictOf(anActiveSubscription(given), change(2_000, 3_000))).toBe(verdict)
  })

  test('to another currency, or from a free plan to a paid one', () => {
    const euro = { ...change(2_000, 0), after: priced(2_000, 'eur') }
    expect(verdictOf(anActiveSubscription(), euro)).toBe('other_currency')
    const free = anActiveSubscription({ stripeSubscriptionId: null })
    expect(verdictOf(free, change(0, 2_000))).toBe('checkout_required')
    expect(verdictOf(anActiveSubscription(), change(2_000, 3_000))).toBe('moves')
  })
})
