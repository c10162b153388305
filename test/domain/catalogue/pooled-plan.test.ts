import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limitFor, type PlanFeature } from '../../../domain/catalogue/plan.ts'
import { pooledPlan, withFeaturesOf, type Units } from '../../../domain/catalogue/pooled-plan.ts'
import { aPlan } from '../../support/builders.ts'

const CODES = ['messages', 'seats', 'reports']

const features = fc
  .uniqueArray(
    fc.record({
      code: fc.constantFrom(...CODES),
      quotaLimit: fc.option(fc.integer({ min: 0, max: 10_000 })),
      isPerQuantity: fc.boolean(),
      reset: fc.constantFrom('period' as const, 'day' as const),
    }),
    { selector: ({ code }) => code },
  )
  .map((all) =>
    all.map(({ code, quotaLimit, isPerQuantity, reset }): PlanFeature => ({
      featureId: code,
      code,
      name: code,
      type: 'metered',
      unit: null,
      quotaLimit,
      reset,
      overage: 'refuse',
      rolloverMax: null,
      perQuantity: isPerQuantity && quotaLimit !== null,
      meter: code,
      usagePrice: null,
    })),
  )
const units: fc.Arbitrary<Units> = fc
  .record({ features, quantity: fc.integer({ min: 1, max: 20 }), id: fc.uuid() })
  .map(({ quantity, ...plan }) => ({ plan: aPlan(plan), quantity }))

describe('a plan with add-ons', () => {
  test('has the sum of all limits, and unlimited wins', () => {
    fc.assert(
      fc.property(units, fc.array(units, { maxLength: 5 }), (base, addons) => {
        const pooled = pooledPlan(base, addons)
        for (const code of CODES) {
          const limits = [base, ...addons].flatMap(({ plan, quantity }) =>
            plan.features
              .filter((each) => each.code === code)
              .map((feature) => limitFor(feature, quantity)),
          )
          const found = pooled.features.find((each) => each.code === code)
          expect(found === undefined).toBe(limits.length === 0)
          if (found === undefined) continue
          const sum = limits.reduce<number>((total, limit) => total + (limit ?? 0), 0)
          expect(limitFor(found, base.quantity)).toBe(limits.includes(null) ? null : sum)
        }
      }),
    )
  })

  test('has the base plan’s terms, or else the add-on’s with the first id, in whatever order they are listed', () => {
    fc.assert(
      fc.property(units, fc.array(units, { maxLength: 5 }), (base, addons) => {
        const [first, second] = [addons, addons.toReversed()].map((each) =>
          withFeaturesOf(base.plan, each),
        )
        expect(first?.features).toEqual(second?.features)
        for (const feature of base.plan.features) expect(first?.features).toContainEqual(feature)
        expect(pooledPlan(base, addons).features.map(({ reset }) => reset)).toEqual(
          pooledPlan(base, addons.toReversed()).features.map(({ reset }) => reset),
        )
      }),
    )
  })
})
