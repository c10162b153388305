import type { CatalogueVersion } from '../../domain/catalogue/catalogue.ts'
import type { FeatureTerms } from '../../domain/catalogue/terms.ts'
import type { Form } from '../web/form.ts'
import { usagePricesView } from '../plans/usage-prices.ts'
import { amountFrom } from './amount.ts'
import { emptyAsUndefined, numberOf } from '../web/form-values.ts'
import { usagePriceFrom, type FieldErrors } from './usage-price-form.ts'
import { fieldsOfFeature, includedIn, tiersFilled } from './version-fields.ts'

const NO_PRICE = 'Enter the price as a number, such as 12.50, and its currency, such as usd.'

type Read =
  | { readonly kind: 'read'; readonly body: object }
  | { readonly kind: 'wrong'; readonly errors: FieldErrors }

/**
 * The terms of a submitted draft as the API accepts them. Terms that the form does not show are those of `base`.
 *
 * @returns the fields whose amounts cannot be read. All else is checked by the API.
 */
export function termsFromForm(form: Form, base: CatalogueVersion | undefined): Read {
  const currency = (form['currency'] ?? '').toLowerCase()
  const amount_minor = amountFrom(form['price'], currency)
  const errors = new Map<string, string>()
  if (amount_minor === undefined) errors.set('price', NO_PRICE)
  const codes = includedIn(form)
  const prices = codes.flatMap((code) => {
    // The form did not show the price of this feature.
    if (form[fieldsOfFeature(code).model] === undefined)
      return usagePricesView((base?.features ?? []).filter((each) => each.code === code))
    const read = usagePriceFrom(form, code, currency)
    for (const [field, words] of read.errors) errors.set(field, words)
    return read.price === undefined ? [] : [{ feature: code, ...read.price }]
  })
  if (errors.size > 0) return { kind: 'wrong', errors }
  return {
    kind: 'read',
    body: {
      period: { every: numberOf(form['every']), unit: form['unit'] },
      price: { amount_minor, currency },
      trial_days: numberOf(emptyAsUndefined(form['trial_days'])),
      usage_prices: prices,
      features: codes.map((code) =>
        featureFrom(
          form,
          code,
          base?.features.find((each) => each.code === code),
        ),
      ),
    },
  }
}

function featureFrom(form: Form, code: string, base: FeatureTerms | undefined): object {
  const { limit, perUnit, beyond } = fieldsOfFeature(code)
  return {
    code,
    ...(base && {
      reset: base.reset,
      overage: base.overage,
      rollover_max: base.rolloverMax,
      alert_thresholds: [...base.alertThresholds],
      settle: base.settle,
      per_quantity: base.perQuantity,
    }),
    quota_limit: numberOf(emptyAsUndefined(form[limit])) ?? null,
    ...(form[perUnit] !== undefined && { per_quantity: form[perUnit] === 'yes' }),
    ...(form[beyond] !== undefined && { overage: form[beyond] }),
  }
}

/** The field of the form for a field of the API, such as `features.0.quota_limit`, or `features.seats.reset`. */
export function formFieldOf(field: string, form: Form): string {
  const [first = '', key = '', ...rest] = field.split('.')
  const codes = includedIn(form)
  if (first === 'features') {
    const of = fieldsOfFeature(codeOf(key, codes))
    const fields: Readonly<Record<string, string>> = {
      quota_limit: of.limit,
      per_quantity: of.perUnit,
      overage: of.beyond,
    }
    return fields[rest[0] ?? ''] ?? of.included
  }
  if (first === 'usage_prices') {
    // Features that are not metered have no such field.
    const priced = codes.filter((code) => Boolean(form[fieldsOfFeature(code).model]))
    return fieldOfUsagePrice(form, codeOf(key, priced), rest)
  }
  if (first === 'period') return 'every'
  return key === 'currency' ? 'currency' : first
}

/** The API counts the features of a request, or names them. */
const codeOf = (key: string, codes: readonly string[]): string =>
  /^\d+$/.test(key) ? (codes[Number(key)] ?? key) : key

function fieldOfUsagePrice(
  form: Form,
  code: string,
  [field = '', index = '', part = '']: readonly string[],
): string {
  const of = fieldsOfFeature(code)
  if (field === 'tiers' && index !== '') {
    // Empty rows are not sent.
    const row = of.tier(tiersFilled(form, code)[Number(index)] ?? 0)
    return part === 'up_to' ? row.upTo : part === 'flat_amount_minor' ? row.flat : row.amount
  }
  const fields: Readonly<Record<string, string>> = {
    unit_amount_decimal: of.amount,
    package_size: of.packageSize,
    round: of.round,
  }
  return fields[field] ?? of.model
}
