/** What `catalogue.yaml` sells, written down by hand. Null is unlimited; features without months never reset. */
export type Quota = { readonly limit: number | null; readonly months: number | null }
export type Offer = {
  readonly name: string
  readonly rank: number
  readonly price: number
  /** How long a period is. */
  readonly months: number
  readonly trialDays: number
  readonly quotas: Readonly<Record<FeatureCode, Quota>>
}
export const FEATURES = ['messages_sent', 'ai_minutes', 'seats'] as const
export type FeatureCode = (typeof FEATURES)[number]
export const FEATURE_NAMES: Readonly<Record<FeatureCode, string>> = {
  messages_sent: 'Messages sent',
  ai_minutes: 'AI minutes',
  seats: 'Seats',
}

const quotas = (
  messages: number | null,
  minutes: number,
  seats: number | null,
): Offer['quotas'] => ({
  messages_sent: { limit: messages, months: 1 },
  ai_minutes: { limit: minutes, months: 1 },
  seats: { limit: seats, months: null },
})
const monthly = { months: 1, trialDays: 0 } as const

export const OFFERS = {
  plan_free: { ...monthly, name: 'Free', rank: 0, price: 0, quotas: quotas(100, 10, 1) },
  plan_starter: {
    ...monthly,
    trialDays: 14,
    name: 'Starter',
    rank: 5,
    price: 900,
    quotas: quotas(1000, 60, 2),
  },
  plan_pro_monthly: {
    ...monthly,
    name: 'Pro',
    rank: 10,
    price: 2000,
    quotas: quotas(10_000, 500, 5),
  },
  plan_pro_yearly: {
    name: 'Pro (yearly)',
    rank: 11,
    price: 20_000,
    months: 12,
    trialDays: 0,
    quotas: quotas(10_000, 500, 5),
  },
  plan_enterprise: {
    ...monthly,
    name: 'Enterprise',
    rank: 20,
    price: 50_000,
    quotas: quotas(null, 20_000, null),
  },
} as const satisfies Record<string, Offer>
export type Slug = keyof typeof OFFERS
export const SLUGS = Object.keys(OFFERS) as Slug[]
export const offerOf = (slug: Slug): Offer => OFFERS[slug]
