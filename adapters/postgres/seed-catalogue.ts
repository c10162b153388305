import type { FeatureType, Period, Reset } from '../../domain/plan.ts'

type SeedFeature = {
  readonly code: string
  readonly name: string
  readonly type: FeatureType
  readonly unit: string | null
}

export type SeedPlan = {
  readonly slug: string
  readonly name: string
  readonly rank: number
  readonly period: Period
  readonly priceMinor: number
  readonly trialDays: number
  /** Code, limit (null is unlimited) and reset of each feature. */
  readonly features: readonly (readonly [code: string, quotaLimit: number | null, reset: Reset])[]
}

export const SEED_FEATURES: readonly SeedFeature[] = [
  { code: 'messages_sent', name: 'Messages sent', type: 'metered', unit: 'message' },
  { code: 'ai_minutes', name: 'AI minutes', type: 'metered', unit: 'minute' },
  { code: 'seats', name: 'Seats', type: 'allocated', unit: 'seat' },
  { code: 'priority_support', name: 'Priority support', type: 'boolean', unit: null },
]

export const SEED_PLANS: readonly SeedPlan[] = [
  {
    slug: 'plan_free',
    name: 'Free',
    rank: 0,
    period: 'monthly',
    priceMinor: 0,
    trialDays: 0,
    features: [
      ['messages_sent', 100, 'period'],
      ['ai_minutes', 10, 'period'],
      ['seats', 1, 'never'],
    ],
  },
  {
    slug: 'plan_starter',
    name: 'Starter',
    rank: 5,
    period: 'monthly',
    priceMinor: 900,
    trialDays: 14,
    features: [
      ['messages_sent', 1_000, 'period'],
      ['ai_minutes', 60, 'period'],
      ['seats', 2, 'never'],
    ],
  },
  {
    slug: 'plan_pro_monthly',
    name: 'Pro',
    rank: 10,
    period: 'monthly',
    priceMinor: 2_000,
    trialDays: 0,
    features: [
      ['messages_sent', 10_000, 'period'],
      ['ai_minutes', 500, 'period'],
      ['seats', 5, 'never'],
    ],
  },
  {
    slug: 'plan_pro_yearly',
    name: 'Pro (yearly)',
    rank: 11,
    period: 'yearly',
    priceMinor: 20_000,
    trialDays: 0,
    features: [
      ['messages_sent', 10_000, 'month'],
      ['ai_minutes', 500, 'month'],
      ['seats', 5, 'never'],
    ],
  },
  {
    slug: 'plan_enterprise',
    name: 'Enterprise',
    rank: 20,
    period: 'monthly',
    priceMinor: 50_000,
    trialDays: 0,
    features: [
      ['messages_sent', null, 'period'],
      ['ai_minutes', 20_000, 'period'],
      ['seats', null, 'never'],
      ['priority_support', null, 'never'],
    ],
  },
]
