import fc from 'fast-check'
import type { Act } from './acts.ts'
import { DAY, dayOf, daysInMonth } from './oracle/calendar.ts'
import { SLUGS, type Slug } from './oracle/catalogue.ts'
import { CODES } from './oracle/discount.ts'

/** The days of a month with acts: period boundaries thus fall on the month's beginning, middle and end. */
export const DAYS_OF_MONTH = [1, 15, 31] as const

/** Acts at one visit; `at` counts the visits since the life's start, on those days. */
export type Scene = { readonly at: number; readonly acts: readonly Act[] }
export type Life = { readonly scenes: readonly Scene[] }

/** The year in which lives begin. */
const FIRST_YEAR = 2027
const NOON_MS = DAY / 2
/** Each visit is slightly earlier in the day than the previous one, so that no act falls in the second of a boundary. */
const EARLIER_MS = 15_000

/** The instant of the `at`th visit. */
export function visitAt(at: number): number {
  const index = Math.floor(at / DAYS_OF_MONTH.length)
  const [year, month] = [FIRST_YEAR + Math.floor(index / 12), (index % 12) + 1]
  const wanted = DAYS_OF_MONTH[at % DAYS_OF_MONTH.length]!
  const day = dayOf(year, month, Math.min(wanted, daysInMonth(year, month)))
  return day * DAY + NOON_MS - at * EARLIER_MS
}

const when = fc.constantFrom('now' as const, 'period_end' as const)

/** The frequency of acts in a life: every few months, or about every second year. */
export type Pace = 'busy' | 'quiet'
const SCENES_PER_YEAR = { busy: { min: 1, max: 3 }, quiet: { min: 0.3, max: 0.9 } } as const

/** Ten years of a yearly plan with yearly quotas cost as much to play as one year of a monthly plan. */
const BOUGHT = {
  busy: {
    plan_free: 3,
    plan_starter: 2,
    plan_pro_monthly: 1,
    plan_pro_yearly: 3,
    plan_team_yearly: 5,
    plan_enterprise: 1,
  },
  quiet: {
    plan_free: 1,
    plan_starter: 1,
    plan_pro_monthly: 1,
    plan_pro_yearly: 3,
    plan_team_yearly: 14,
    plan_enterprise: 1,
  },
} as const satisfies Record<Pace, Readonly<Record<Slug, number>>>
const CHANGED = {
  busy: {
    plan_free: 1,
    plan_starter: 1,
    plan_pro_monthly: 1,
    plan_pro_yearly: 1,
    plan_team_yearly: 2,
    plan_enterprise: 1,
  },
  quiet: BOUGHT.quiet,
} as const satisfies Record<Pace, Readonly<Record<Slug, number>>>

const oneOf = (weights: Readonly<Record<Slug, number>>) =>
  fc.oneof(...SLUGS.map((each) => ({ weight: weights[each], arbitrary: fc.constant<Slug>(each) })))

/** Most customers have one, and most changes keep the quantity. */
const quantity = fc.constantFrom(undefined, undefined, undefined, 1, 2, 5)

const buy = (pace: Pace) =>
  fc.record({
    kind: fc.constant('buy' as const),
    plan: oneOf(BOUGHT[pace]),
    payment: fc.constantFrom(
      'pays' as const,
      'pays',
      'pays',
      'declined',
      'declined_then_pays',
      'authenticates',
      'leaves',
    ),
    quantity,
    off: fc.constantFrom(undefined, undefined, undefined, ...CODES),
  })
const feature = fc.constantFrom('messages_sent' as const, 'ai_minutes', 'seats')
const use = fc.record({
  kind: fc.constant('use' as const),
  feature,
  amount: fc.constantFrom(1, 2, 7, 60, 90, 400, 8_000, -1, -5),
  times: fc.constantFrom(1, 1, 2, 3),
})
const rush = fc.record({
  kind: fc.constant('rush' as const),
  feature,
  amount: fc.constantFrom(1, 3, 30),
  callers: fc.constantFrom(2, 5, 9),
})
const hold = fc.record({
  kind: fc.constant('hold' as const),
  feature,
  amount: fc.constantFrom(1, 5, 50),
  settles: fc.constantFrom(0, 1, 5, 70),
})
const grant = fc.record({
  kind: fc.constant('grant' as const),
  feature,
  amount: fc.constantFrom(1, 20),
})
const one = <const Kind extends Act['kind']>(kind: Kind) => fc.constant({ kind })
const actOf = (pace: Pace): fc.Arbitrary<Act> =>
  fc.oneof(
    { weight: 3, arbitrary: buy(pace) },
    { weight: 6, arbitrary: use },
    { weight: 2, arbitrary: rush },
    { weight: 2, arbitrary: hold },
    { weight: 1, arbitrary: grant },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), when }) },
    { weight: 1, arbitrary: one('keep') },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('change' as const),
        plan: oneOf(CHANGED[pace]),
        when,
        quantity,
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('migrate' as const), when }) },
    { weight: 1, arbitrary: one('unchange') },
    { weight: 1, arbitrary: one('pause') },
    { weight: 2, arbitrary: one('resume') },
    { weight: 1, arbitrary: one('end_trial') },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('extend_trial' as const),
        days: fc.constantFrom(1, 5, 30),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('card' as const),
        card: fc.constantFrom('succeeds' as const, 'declines', 'authenticates'),
      }),
    },
    { weight: 2, arbitrary: one('pay_invoice') },
    { weight: 1, arbitrary: one('refund') },
    { weight: 1, arbitrary: one('dispute') },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('at_dashboard' as const),
        what: fc.constantFrom('plans_end' as const, 'withdraws_end', 'ends'),
      }),
    },
  )

/** A life of this many years: it starts with a purchase, and acts follow now and then. */
export const aLife = (years: number, pace: Pace = 'busy'): fc.Arbitrary<Life> => {
  const last = years * 12 * DAYS_OF_MONTH.length - 1
  const first = fc.tuple(fc.nat({ max: DAYS_OF_MONTH.length - 1 }), buy(pace))
  const scene = fc.record({
    at: fc.nat({ max: last }),
    acts: fc.array(actOf(pace), { minLength: 1, maxLength: 3 }),
  })
  const { min, max } = SCENES_PER_YEAR[pace]
  const scenes = fc.array(scene, {
    minLength: Math.ceil(years * min),
    maxLength: Math.ceil(years * max),
  })
  return fc.tuple(first, scenes).map(([[at, purchase], later]) => ({
    scenes: [
      { at, acts: [purchase] },
      ...later.filter((each) => each.at > at).toSorted((a, b) => a.at - b.at),
    ],
  }))
}
