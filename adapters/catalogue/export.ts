import { stringify } from 'yaml'
import type {
  CataloguePlan,
  CatalogueVersion,
  FeatureDefinition,
} from '../../domain/catalogue/catalogue.ts'
import { viewOfPeriod } from '../../domain/catalogue/period.ts'
import type { FeatureType } from '../../domain/catalogue/plan.ts'
import { defaultTerms, type FeatureTerms } from '../../domain/catalogue/terms.ts'
import type { UsagePrice } from '../../domain/catalogue/usage-price.ts'

/** A catalogue in the form of a file: `catalogueSchema`, without the fields that have their default. */
export type ExportedCatalogue = {
  readonly features: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly plans: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/**
 * Writes all features, and each plan that is on sale for everybody, as a file. A comparison with that file shows no difference.
 *
 * @param plans with their versions, newest first.
 */
export function exportCatalogue(
  features: readonly FeatureDefinition[],
  plans: readonly CataloguePlan[],
): ExportedCatalogue {
  const types = new Map(features.map(({ code, type }) => [code, type]))
  return {
    features: Object.fromEntries(features.map((each) => [each.code, writtenFeature(each)])),
    plans: Object.fromEntries(
      plans.flatMap((plan) => {
        const [first, ...others] = plan.versions
          .filter(({ active, customFor }) => active && customFor === null)
          .toReversed()
        return first === undefined ? [] : [[plan.slug, writtenPlan(plan, first, others, types)]]
      }),
    ),
  }
}

/** Lines are folded by people who edit the file, not by the exporter: a difference of two exports stays readable. */
const YAML = { lineWidth: 0, singleQuote: true } as const

/** The text of a file that `readCatalogueFile` reads. */
export const yamlOf = (catalogue: ExportedCatalogue): string => stringify(catalogue, YAML)

const writtenFeature = ({ name, type, unit, meterEventName }: FeatureDefinition) => ({
  name,
  type,
  ...(unit !== null && { unit }),
  ...(meterEventName !== null && { meter_event_name: meterEventName }),
})

type Types = ReadonlyMap<string, FeatureType>

function writtenPlan(
  { name, rank, productLine, kind, fits, autoAttach }: CataloguePlan,
  first: CatalogueVersion,
  others: readonly CatalogueVersion[],
  types: Types,
) {
  const terms = writtenTerms(first, types)
  return {
    name,
    rank,
    ...(productLine !== 'main' && { product_line: productLine }),
    ...(kind !== 'base' && { kind }),
    ...(fits !== null && { fits }),
    ...(autoAttach && { auto_attach: true }),
    period: terms.period,
    price: priceOf(first),
    ...(terms.trial_days > 0 && { trial_days: terms.trial_days }),
    ...usagePricesOf(first),
    ...(others.length > 0 && {
      other_prices: others.map((other) => {
        const { period, trial_days, features } = writtenTerms(other, types)
        return {
          ...priceOf(other),
          ...usagePricesOf(other),
          ...(!isSame(period, terms.period) && { period }),
          ...(trial_days !== terms.trial_days && { trial_days }),
          ...(!isSame(features, terms.features) && { features }),
        }
      }),
    }),
    features: terms.features,
  }
}

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

const priceOf = ({ priceMinor, currency }: CatalogueVersion) => ({
  amount_minor: priceMinor,
  currency,
})

const writtenTerms = ({ period, trialDays, features }: CatalogueVersion, types: Types) => ({
  period: period && viewOfPeriod(period),
  trial_days: trialDays,
  features: Object.fromEntries(
    features
      .toSorted((one, other) => (one.code < other.code ? -1 : 1))
      .map((each) => [each.code, writtenGrant(each, types.get(each.code) ?? 'metered')]),
  ),
})

function writtenGrant(terms: FeatureTerms, type: FeatureType) {
  const usual = defaultTerms(terms.code, type)
  const isUsual = (field: keyof FeatureTerms) =>
    JSON.stringify(terms[field]) === JSON.stringify(usual[field])
  return {
    ...(!isUsual('quotaLimit') && { quota_limit: terms.quotaLimit }),
    ...(!isUsual('perQuantity') && { per_quantity: terms.perQuantity }),
    ...(!isUsual('reset') && { reset: terms.reset }),
    ...(!isUsual('overage') && { overage: terms.overage }),
    ...(!isUsual('rolloverMax') && { rollover_max: terms.rolloverMax }),
    ...(!isUsual('alertThresholds') && { alert_thresholds: terms.alertThresholds }),
    ...(!isUsual('settle') && { settle: terms.settle }),
  }
}

function usagePricesOf({ features }: CatalogueVersion) {
  const priced = features.flatMap(({ code, usagePrice }) =>
    usagePrice === null ? [] : [[code, writtenUsagePrice(usagePrice)] as const],
  )
  return priced.length > 0 && { usage_prices: Object.fromEntries(priced) }
}

function writtenUsagePrice(price: UsagePrice) {
  const { model } = price
  switch (model) {
    case 'per_unit':
      return { model, unit_amount_decimal: price.unitAmount }
    case 'package':
      return {
        model,
        unit_amount_decimal: price.unitAmount,
        package_size: price.packageSize,
        ...(price.round === 'down' && { round: price.round }),
      }
    case 'graduated':
    case 'volume':
      return {
        model,
        tiers: price.tiers.map(({ upTo, unitAmount, flatAmountMinor }) => ({
          ...(upTo !== null && { up_to: upTo }),
          unit_amount_decimal: unitAmount,
          ...(flatAmountMinor > 0 && { flat_amount_minor: flatAmountMinor }),
        })),
      }
  }
}
