/** The plans on sale: `catalogue.yaml`, a plan with a usage price, add-ons and a second product line, written by hand. */
export const LINES = ['main', 'notes'] as const
export type Line = (typeof LINES)[number]
export const CODES_OF_FEATURES = [
  'messages_sent',
  'ai_minutes',
  'seats',
  'pages',
  'reports',
  'calls',
] as const
export type Feature = (typeof CODES_OF_FEATURES)[number]
/** Features that are held, and not used up. */
export const HELD: readonly Feature[] = ['seats']
export const LINE_OF: Readonly<Record<Feature, Line>> = {
  messages_sent: 'main',
  ai_minutes: 'main',
  seats: 'main',
  pages: 'notes',
  reports: 'main',
  calls: 'main',
}

export type Terms = {
  readonly line: Line
  /** Minor units for one period. */
  readonly price: number
  /** The length of a period; each quota is for one month. */
  readonly months: number
  readonly trialDays: number
  /** Infinity is unlimited. */
  readonly limits: Readonly<Partial<Record<Feature, number>>>
  /** The features whose limit is that of one unit. */
  readonly perUnit?: readonly Feature[]
}
const main = (messages: number, minutes: number, seats: number) => ({
  line: 'main' as const,
  limits: { messages_sent: messages, ai_minutes: minutes, seats },
})
const notes = (pages: number) => ({ line: 'notes' as const, limits: { pages } })

export const PLANS = {
  plan_free: { price: 0, months: 1, trialDays: 0, ...main(100, 10, 1) },
  plan_starter: { price: 900, months: 1, trialDays: 14, ...main(1_000, 60, 2) },
  plan_pro_monthly: { price: 2_000, months: 1, trialDays: 0, ...main(10_000, 500, 5) },
  plan_pro_yearly: { price: 20_000, months: 12, trialDays: 0, ...main(10_000, 500, 5) },
  /** Each call beyond the limit is charged with the next invoice. */
  plan_api: {
    price: 1_000,
    months: 1,
    trialDays: 0,
    line: 'main',
    limits: { calls: 100, ai_minutes: 50, seats: 1 },
    perUnit: ['seats'],
  },
  plan_enterprise: { price: 50_000, months: 1, trialDays: 0, ...main(Infinity, 20_000, Infinity) },
  plan_notes_free: { price: 0, months: 1, trialDays: 0, ...notes(5) },
  plan_notes: { price: 700, months: 1, trialDays: 7, ...notes(200) },
} as const satisfies Record<string, Terms>
export type Slug = keyof typeof PLANS
export const SLUGS = Object.keys(PLANS) as [Slug, ...Slug[]]
export const isSlug = (text: string): text is Slug => text in PLANS

const addon = (price: number, limits: Terms['limits']): Terms => ({
  line: 'main',
  price,
  months: 1,
  trialDays: 0,
  limits,
  perUnit: Object.keys(limits) as Feature[],
})
export const ADDON_SLUGS = ['addon_minutes', 'addon_team'] as const
export type AddonSlug = (typeof ADDON_SLUGS)[number]
/** The add-ons on sale; their limits are those of one unit. Reports come with an add-on only. */
export const ADDONS: Readonly<Record<AddonSlug, Terms>> = {
  addon_minutes: addon(300, { ai_minutes: 100 }),
  addon_team: addon(400, { seats: 2, reports: 5 }),
}
/** The base plans that the add-ons fit. */
export const FIT: readonly Slug[] = [
  'plan_starter',
  'plan_pro_monthly',
  'plan_api',
  'plan_enterprise',
]

/** Everything that an invoice has lines for. */
export type Item = Slug | AddonSlug
export const isAddon = (item: Item): item is AddonSlug => item in ADDONS
export const isItem = (text: string): text is Item => isSlug(text) || text in ADDONS
export const termsOf = (item: Item): Terms => (isAddon(item) ? ADDONS[item] : PLANS[item])

/** The limit of so many units. */
export const limitOf = (item: Item, feature: Feature, quantity = 1): number => {
  const { limits, perUnit = [] } = termsOf(item)
  return (limits[feature] ?? 0) * (perUnit.includes(feature) ? quantity : 1)
}

/** The feature with a usage price, and that price in minor units for each unit beyond the limit. */
export const METERED = { feature: 'calls', plan: 'plan_api', price: 10 } as const satisfies {
  readonly feature: Feature
  readonly plan: Slug
  readonly price: number
}

/** An operator's offer to one customer: its plan, price, and days until it ends. */
export const OFFER = { plan: 'plan_pro_monthly', price: 500, days: 20 } as const

/** Minor units that one unit of a feature is worth: half of a plan's price each, of the plan that sells most of it. */
export const WORTH: Readonly<Record<Feature, number>> = {
  messages_sent: 0.1,
  ai_minutes: 2,
  seats: 0,
  pages: 3.5,
  reports: 40,
  calls: 5,
}
