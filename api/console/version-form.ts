import type { CatalogueVersion } from '../../domain/catalogue/catalogue.ts'
import type { FeatureTerms } from '../../domain/catalogue/terms.ts'
import type { Form } from '../web/form.ts'
import { usagePricesView } from '../plans/usage-prices.ts'
import { amountFrom } from './amount.ts'
import { emptyAsUndefined, numberOf } from './form-values.ts'

const NO_PRICE = 'Enter the price as a number, such as 12.50, and its currency, such as usd.'

/** The name of the field that says whether a feature is included, and of the one with its limit. */
export const includes = (code: string): string => `has_${code}`
/** The name of the form field with the limit of a feature. */
export const limitOf = (code: string): string => `limit_${code}`

/**
 * The terms of a submitted draft as the API accepts them. Terms of features that the form does not show are those of `base`.
 *
 * @returns a sentence if the price cannot be read
 */
export function termsFromForm(form: Form, base: CatalogueVersion | undefined): object | string {
  const currency = (form['currency'] ?? '').toLowerCase()
  const amount_minor = amountFrom(form['price'], currency)
  if (amount_minor === undefined) return NO_PRICE
  const codes = Object.keys(form)
    .filter((name) => name.startsWith('has_'))
    .map((name) => name.slice('has_'.length))
  return {
    period: { every: numberOf(form['every']), unit: form['unit'] },
    price: { amount_minor, currency },
    trial_days: numberOf(emptyAsUndefined(form['trial_days'])),
    usage_prices: usagePricesView(
      (base?.features ?? []).filter(({ code }) => codes.includes(code)),
    ),
    features: codes.map((code) => ({
      code,
      ...keptOf(base?.features.find((each) => each.code === code)),
      quota_limit: numberOf(emptyAsUndefined(form[limitOf(code)])) ?? null,
    })),
  }
}

/** The terms of a feature that the form does not show. */
const keptOf = (terms: FeatureTerms | undefined) =>
  terms && {
    reset: terms.reset,
    overage: terms.overage,
    rollover_max: terms.rolloverMax,
    alert_thresholds: [...terms.alertThresholds],
    settle: terms.settle,
    per_quantity: terms.perQuantity,
  }
