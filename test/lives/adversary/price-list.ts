/** The plans on sale: `catalogue.yaml` and a second product line, written by hand. */
export const LINES = ['main', 'notes'] as const
export type Line = (typeof LINES)[number]
export const CODES_OF_FEATURES = ['messages_sent', 'ai_minutes', 'seats', 'pages'] as const
export type Feature = (typeof CODES_OF_FEATURES)[number]
/** Features that are held, and not used up. */
export const HELD: readonly Feature[] = ['seats']
export const LINE_OF: Readonly<Record<Feature, Line>> = {
  messages_sent: 'main',
  ai_minutes: 'main',
  seats: 'main',
  pages: 'notes',
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
  plan_enterprise: { price: 50_000, months: 1, trialDays: 0, ...main(Infinity, 20_000, Infinity) },
  plan_notes_free: { price: 0, months: 1, trialDays: 0, ...notes(5) },
  plan_notes: { price: 700, months: 1, trialDays: 7, ...notes(200) },
} as const satisfies Record<string, Terms>
export type Slug = keyof typeof PLANS
export const SLUGS = Object.keys(PLANS) as [Slug, ...Slug[]]
export const isSlug = (text: string): text is Slug => text in PLANS

export const limitOf = (plan: Slug, feature: Feature): number =>
  (PLANS[plan] as Terms).limits[feature] ?? 0

/** An operator's offer to one customer: its plan, price, and days until it ends. */
export const OFFER = { plan: 'plan_pro_monthly', price: 500, days: 20 } as const

/** Minor units that one unit of a feature is worth: half of a plan's price each, of the plan that sells most of it. */
export const WORTH: Readonly<Record<Feature, number>> = {
  messages_sent: 0.1,
  ai_minutes: 2,
  seats: 0,
  pages: 3.5,
}
