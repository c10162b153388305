import { SETTLE_POLICIES } from '../../domain/usage/reservation.ts'
import { z } from 'zod'
import {
  PERIOD_RULE,
  PRICE_MINOR_MAX,
  QUOTA_MAX,
  THRESHOLD_PER_CENT_MAX,
  THRESHOLDS_MAX,
  TRIAL_DAYS_MAX,
  defaultTerms,
  type FeatureTerms,
} from '../../domain/catalogue/terms.ts'
import { FEATURE_TYPES, OVERAGES, RESETS, type FeatureType } from '../../domain/catalogue/plan.ts'
import { PERIOD_MAX, PERIOD_UNITS, periodOf } from '../../domain/catalogue/period.ts'
import { CURRENCY } from '../../domain/money.ts'
import { text } from '../text.ts'

/** A billing period over HTTP and in a file; the answers of the API have the same form. */
export const periodField = z
  .union(
    [
      z.enum(['monthly', 'yearly']),
      z.strictObject({
        every: z.int(),
        unit: z.enum(PERIOD_UNITS),
      }),
    ],
    { error: `must be ${PERIOD_RULE}` },
  )
  .refine(
    (period) =>
      typeof period === 'string' || (period.every >= 1 && period.every <= PERIOD_MAX[period.unit]),
    {
      error: `must be ${PERIOD_RULE}`,
    },
  )
  .describe('`monthly`, `yearly`, or a count of units, at most three years.')

const givenPeriod = periodField.transform((period) =>
  typeof period === 'string' ? period : periodOf(period.every, period.unit),
)

/** The fields of a version over HTTP and in a file. Missing fields get their defaults. */
export const termsFields = {
  period: givenPeriod,
  price: z.strictObject({
    amount_minor: z.int().min(0).max(PRICE_MINOR_MAX).describe('In minor units: 2000 is $20.00.'),
    currency: z.string().regex(CURRENCY, 'three lower-case letters, such as `usd`'),
  }),
  trial_days: z.int().min(0).max(TRIAL_DAYS_MAX).default(0),
} as const

/** The name of a feature or a plan. */
export const nameField = text(128)

/** The fields of a feature over HTTP and in a file. */
export const featureFields = {
  name: nameField,
  type: z
    .enum(FEATURE_TYPES)
    .describe('`boolean` is on or off, `metered` is used up and reset, `allocated` is held.'),
  unit: nameField.nullable().default(null),
  meter_event_name: text(100)
    .nullable()
    .default(null)
    .describe('The event name of the meter at Stripe; null is the code.'),
} as const

/** The fields of a feature that a version grants. */
export const grantedFields = {
  quota_limit: z
    .int()
    .min(0)
    .max(QUOTA_MAX)
    .nullable()
    .default(null)
    .describe('Null is unlimited.'),
  reset: z
    .enum(RESETS)
    .optional()
    .describe('When counting starts again: by itself `period`, and `never` for what is held.'),
  overage: z
    .enum(OVERAGES)
    .default('refuse')
    .describe('Beyond the limit: `allow` is a soft limit, `bill` reports it to Stripe’s meter.'),
  rollover_max: z
    .int()
    .min(1)
    .max(QUOTA_MAX)
    .nullable()
    .default(null)
    .describe('At most so much of what is left goes over into the next window.'),
  alert_thresholds: z
    .array(z.int().min(1).max(THRESHOLD_PER_CENT_MAX))
    .max(THRESHOLDS_MAX)
    .optional()
    .describe('In per cent of the limit, ascending; by itself 80 and 100.'),
  settle: z
    .enum(SETTLE_POLICIES)
    .nullable()
    .default(null)
    .describe(
      'A reservation that is settled above what is left: `overflow` counts it as overage, `strict` refuses it. By itself as `RESERVATION_SETTLE` says.',
    ),
  per_quantity: z
    .boolean()
    .default(false)
    .describe(
      'Whether `quota_limit` and `rollover_max` are those of one unit, and count times the quantity of the subscription.',
    ),
} as const

const granted = z.object(grantedFields)

/** Adds the defaults for the feature's type. */
export function termsOfFeature(
  code: string,
  type: FeatureType,
  written: z.infer<typeof granted>,
): FeatureTerms {
  const defaults = defaultTerms(code, type)
  return {
    code,
    quotaLimit: written.quota_limit,
    reset: written.reset ?? defaults.reset,
    overage: written.overage,
    rolloverMax: written.rollover_max,
    alertThresholds: written.alert_thresholds ?? defaults.alertThresholds,
    settle: written.settle,
    perQuantity: written.per_quantity,
    usagePrice: defaults.usagePrice,
  }
}
