import { describe, expect, test } from 'vitest'
import { money } from '../../../domain/money.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import {
  creditsUsedPeriod,
  isDowngrade,
  usualTime,
} from '../../../domain/subscription/plan-change.ts'
import { anActiveSubscription, aPlan } from '../../support/builders.ts'

type Terms = readonly [rank: number, dollars: number, period?: PlanVersion['period']]
const planOf = ([rank, dollars, period = 'monthly']: Terms) =>
  aPlan({ rank, price: money(dollars * 100, 'usd'), period })

describe('a plan change', () => {
  test.each<[string, boolean, Terms, Terms, number?, number?]>([
    ['to a lower rank', true, [20, 500], [10, 20]],
    ['to a lower rank that costs more', true, [20, 500], [10, 900]],
    ['to a higher rank', false, [10, 20], [20, 500]],
    ['to a cheaper plan of the same rank', true, [10, 20], [10, 15]],
    ['to a cheaper plan of a higher rank', true, [10, 20], [20, 15]],
    ['from monthly to yearly', false, [10, 20], [10, 200, 'yearly']],
    ['from monthly to yearly of a higher rank', false, [10, 20], [11, 200, 'yearly']],
    ['from monthly to quarterly', false, [10, 20], [10, 50, '3 months']],
    ['from quarterly to monthly', true, [10, 50, '3 months'], [10, 20]],
    ['from quarterly to weekly at a dearer month', true, [10, 50, '3 months'], [10, 4, '1 week']],
    ['from weekly to a dearer month', false, [10, 4, '1 week'], [10, 18]],
    ['from weekly to a cheaper month', false, [10, 4, '1 week'], [10, 17]],
    ['from yearly to monthly', true, [10, 200, 'yearly'], [10, 20]],
    ['from yearly to monthly of a lower rank', true, [11, 200, 'yearly'], [10, 20]],
    ['from yearly to a dearer month of a higher rank', false, [10, 600, 'yearly'], [20, 500]],
    ['to fewer units', true, [10, 20], [10, 20], 5, 2],
    ['to more units', false, [10, 20], [10, 20], 2, 5],
    ['to one unit of a better plan', true, [10, 20], [20, 500], 50, 1],
    ['to fewer units by the year', true, [10, 20], [10, 200, 'yearly'], 50, 6],
    ['to more units of a lower rank', true, [20, 500], [10, 20], 1, 50],
    ['to a free plan', true, [10, 20], [0, 0]],
  ])('%s: is a downgrade: %s', (_, isLess, from, to, was = 1, is) => {
    const [before, after] = [planOf(from), planOf(to)]
    const own = anActiveSubscription({ planVersionId: before.id, quantity: was })
    const change = { before, after, quantity: is }
    expect(isDowngrade(own, change)).toBe(isLess)
    expect(usualTime(own, change)).toBe(isLess ? 'period_end' : 'now')
    expect(creditsUsedPeriod(own, change, 'now')).toBe(isLess)
    expect(creditsUsedPeriod(own, change, 'period_end')).toBe(false)
  })

  test('credits nothing while nothing is paid', () => {
    const [before, after] = [planOf([20, 500]), planOf([10, 20])]
    const trial = anActiveSubscription({ status: 'trialing' })
    expect(creditsUsedPeriod(trial, { before, after }, 'now')).toBe(false)
    const free = planOf([5, 0])
    const own = anActiveSubscription({ stripeSubscriptionId: null })
    expect(creditsUsedPeriod(own, { before: free, after: planOf([0, 0]) }, 'now')).toBe(false)
  })
})
