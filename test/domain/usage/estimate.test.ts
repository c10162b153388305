import { expect, test } from 'vitest'
import type { PlanFeature } from '../../../domain/catalogue/plan.ts'
import { estimateUsage } from '../../../domain/usage/estimate.ts'
import { aPlan, START } from '../../support/builders.ts'

const DAY_MS = 86_400_000
const after = (days: number) => new Date(START.getTime() + days * DAY_MS)
const feature: PlanFeature = {
  featureId: 'tokens',
  code: 'tokens',
  name: 'Tokens',
  type: 'metered',
  unit: null,
  quotaLimit: 0,
  perQuantity: false,
  reset: 'day',
  overage: 'bill',
  rolloverMax: null,
  meter: 'tokens',
  usagePrice: { model: 'per_unit', unitAmount: '1' },
}

/** After 100 units at a price of 1 in a period of this many days. */
const projected = (days: number, at: Date) =>
  estimateUsage({
    plan: aPlan({ features: [feature] }),
    period: { start: START, end: after(days) },
    billed: new Map([['tokens', 100]]),
    usage: [],
    at,
  })?.projectedMinor

test.each([
  ['after a third of the period three times as much', 30, after(10), 300],
  ['at its end what was used', 30, after(30), 100],
  ['in its first minute what a day like this costs, not a minute', 30, after(1 / 1_440), 3_100],
  ['at its first instant the same', 30, START, 3_100],
  ['of a period of a day, in its first minute, twice as much', 1, after(1 / 1_440), 200],
])('an estimate projects %s', (_, days, at, minor) => {
  expect(projected(days, at)).toBe(minor)
})
