import { dayOf, DAY } from './calendar.ts'

/** The offers of `catalogue.yaml` and the market, written by hand. Null is unlimited; features without months never reset. */
export type Quota = {
  readonly limit: number | null
  readonly months: number | null
  /** Whether usage beyond the limit is refused, or counted and billed. */
  readonly beyond: 'refuse' | 'bill'
}
/** A version of a plan: customers keep the version that they bought. */
export type Terms = {
  /** The instant from which this version is on sale, instead of the previous one. */
  readonly since: number
  readonly price: number
  readonly trialDays: number
  readonly quotas: Readonly<Record<FeatureCode, Quota>>
}
export type Plan = {
  readonly name: string
  readonly rank: number
  /** The length of a period. */
  readonly months: number
  readonly versions: readonly [Terms, ...Terms[]]
}
export const FEATURES = ['messages_sent', 'ai_minutes', 'seats'] as const
export type FeatureCode = (typeof FEATURES)[number]
export const FEATURE_NAMES: Readonly<Record<FeatureCode, string>> = {
  messages_sent: 'Messages sent',
  ai_minutes: 'AI minutes',
  seats: 'Seats',
}

const monthly = (limit: number | null): Quota => ({ limit, months: 1, beyond: 'refuse' })
const yearly = (limit: number, beyond: Quota['beyond']): Quota => ({ limit, months: 12, beyond })
const held = (limit: number | null): Quota => ({ limit, months: null, beyond: 'refuse' })

const quotas = (
  messages: number | null,
  minutes: number,
  seats: number | null,
): Terms['quotas'] => ({
  messages_sent: monthly(messages),
  ai_minutes: monthly(minutes),
  seats: held(seats),
})
/** Yearly, and messages beyond the limit are billed. */
const teamQuotas = (messages: number, minutes: number, seats: number): Terms['quotas'] => ({
  messages_sent: yearly(messages, 'bill'),
  ai_minutes: yearly(minutes, 'refuse'),
  seats: held(seats),
})
const always = { since: 0, trialDays: 0 } as const
const midsummerOf = (year: number): number => dayOf(year, 7, 1) * DAY

export const PLANS = {
  plan_free: {
    name: 'Free',
    rank: 0,
    months: 1,
    versions: [{ ...always, price: 0, quotas: quotas(100, 10, 1) }],
  },
  plan_starter: {
    name: 'Starter',
    rank: 5,
    months: 1,
    versions: [{ since: 0, trialDays: 14, price: 900, quotas: quotas(1000, 60, 2) }],
  },
  plan_pro_monthly: {
    name: 'Pro',
    rank: 10,
    months: 1,
    versions: [{ ...always, price: 2000, quotas: quotas(10_000, 500, 5) }],
  },
  plan_pro_yearly: {
    name: 'Pro (yearly)',
    rank: 11,
    months: 12,
    versions: [{ ...always, price: 20_000, quotas: quotas(10_000, 500, 5) }],
  },
  plan_team_yearly: {
    name: 'Team',
    rank: 12,
    months: 12,
    versions: [
      { ...always, price: 24_000, quotas: teamQuotas(1_000, 120, 8) },
      { since: midsummerOf(2028), trialDays: 0, price: 30_000, quotas: teamQuotas(1_500, 200, 8) },
      { since: midsummerOf(2030), trialDays: 0, price: 27_000, quotas: teamQuotas(800, 90, 10) },
      { since: midsummerOf(2032), trialDays: 0, price: 36_000, quotas: teamQuotas(2_000, 300, 12) },
      { since: midsummerOf(2034), trialDays: 0, price: 33_000, quotas: teamQuotas(1_000, 100, 6) },
    ],
  },
  plan_enterprise: {
    name: 'Enterprise',
    rank: 20,
    months: 1,
    versions: [{ ...always, price: 50_000, quotas: quotas(null, 20_000, null) }],
  },
} as const satisfies Record<string, Plan>
export type Slug = keyof typeof PLANS
export const SLUGS = Object.keys(PLANS) as Slug[]

/** A quantity of a version of a plan. */
export type Choice = { readonly plan: Slug; readonly version: number; readonly quantity: number }
export type Offer = Omit<Plan, 'versions'> & Terms

export function offerOf({ plan, version }: Pick<Choice, 'plan' | 'version'>): Offer {
  const { versions, ...of }: Plan = PLANS[plan]
  const terms = versions[version - 1]
  if (terms === undefined) throw new Error(`there is no version ${version} of ${plan}`)
  return { ...of, ...terms }
}

/** The number of the version that is on sale at an instant. */
export const onSaleAt = (plan: Slug, at: number): number =>
  (PLANS[plan] as Plan).versions.filter(({ since }) => since <= at).length

export const priceOf = (choice: Choice): number => offerOf(choice).price * choice.quantity
