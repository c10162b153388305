import type { CatalogueVersion } from '../../domain/catalogue/catalogue.ts'
import type { UsagePrice } from '../../domain/catalogue/usage-price.ts'
import { TIERS_MAX } from '../../domain/catalogue/usage-price-problems.ts'
import { spanOf } from '../../domain/catalogue/period.ts'
import type { Form } from '../web/form.ts'
import { amountText, decimalText } from './amount.ts'

/** The tiers that a new tiered price begins with: one with an end, and the open one. */
const TIERS_SHOWN = 2

/** The names of the fields of one feature, in the form of a draft. */
export const fieldsOfFeature = (code: string) => ({
  included: `has_${code}`,
  limit: `limit_${code}`,
  perUnit: `each_${code}`,
  beyond: `over_${code}`,
  model: `model_${code}`,
  amount: `amount_${code}`,
  packageSize: `size_${code}`,
  round: `round_${code}`,
  tiers: `tiers_${code}`,
  tier: (index: number) => ({
    upTo: `tier_${index}_to_${code}`,
    amount: `tier_${index}_amount_${code}`,
    flat: `tier_${index}_flat_${code}`,
  }),
})

/** The codes of the features that a submitted draft includes. */
export const includedIn = (form: Form): string[] =>
  Object.keys(form)
    .filter((name) => name.startsWith('has_'))
    .map((name) => name.slice('has_'.length))

/** How many rows of tiers the form shows for a feature, at most `TIERS_MAX`. */
export function tiersShown(form: Form, code: string): number {
  const count = Number(form[fieldsOfFeature(code).tiers] ?? TIERS_SHOWN)
  return Number.isInteger(count) && count >= 1 ? Math.min(count, TIERS_MAX) : TIERS_SHOWN
}

/** The rows of tiers that are not empty. */
export const tiersFilled = (form: Form, code: string): number[] =>
  Array.from({ length: tiersShown(form, code) }, (_, index) => index).filter((index) =>
    Object.values(fieldsOfFeature(code).tier(index)).some((field) => form[field]),
  )

/** The values of the form for a version. Without one, the form is empty. */
export function formOf(version: CatalogueVersion | undefined): Form {
  const { every, unit } = spanOf(version?.period ?? 'monthly')
  const currency = version?.currency ?? 'usd'
  const { priceMinor = null } = version ?? {}
  return {
    price: priceMinor === null ? '' : amountText(priceMinor, currency),
    currency,
    every: String(every),
    unit,
    trial_days: String(version?.trialDays ?? 0),
    ...Object.assign(
      {},
      ...(version?.features ?? []).map(({ code, quotaLimit, perQuantity, overage, usagePrice }) => {
        const of = fieldsOfFeature(code)
        return {
          [of.included]: 'yes',
          [of.limit]: quotaLimit === null ? '' : String(quotaLimit),
          [of.perUnit]: perQuantity ? 'yes' : 'no',
          [of.beyond]: overage,
          ...(usagePrice !== null && usagePriceForm(code, usagePrice, currency)),
        }
      }),
    ),
  }
}

function usagePriceForm(code: string, price: UsagePrice, currency: string): Form {
  const of = fieldsOfFeature(code)
  const model = { [of.model]: price.model }
  switch (price.model) {
    case 'per_unit':
      return { ...model, [of.amount]: decimalText(price.unitAmount, currency) }
    case 'package':
      return {
        ...model,
        [of.amount]: decimalText(price.unitAmount, currency),
        [of.packageSize]: String(price.packageSize),
        [of.round]: price.round,
      }
    case 'graduated':
    case 'volume':
      return {
        ...model,
        [of.tiers]: String(price.tiers.length),
        ...Object.assign(
          {},
          ...price.tiers.map(({ upTo, unitAmount, flatAmountMinor }, index) => {
            const row = of.tier(index)
            return {
              [row.upTo]: upTo === null ? '' : String(upTo),
              [row.amount]: decimalText(unitAmount, currency),
              [row.flat]: flatAmountMinor === 0 ? '' : amountText(flatAmountMinor, currency),
            }
          }),
        ),
      }
  }
}

/** A form after its button `Add a tier` or `Remove` was pressed, and the field to continue with. */
type TierChange = { readonly form: Form; readonly focus: string }

/** @returns undefined if another button was pressed. */
export function afterTierButton(form: Form): TierChange | undefined {
  const { add_tier: added, remove_tier: removed, ...rest } = form
  if (added !== undefined) {
    const count = tiersShown(form, added)
    const of = fieldsOfFeature(added)
    const shown = Math.min(count + 1, TIERS_MAX)
    return { form: { ...rest, [of.tiers]: String(shown) }, focus: of.tier(shown - 1).upTo }
  }
  if (removed === undefined) return undefined
  const [, index = '', code = ''] = /^(\d{1,2})_(.+)$/.exec(removed) ?? []
  return { form: withoutTier(rest, code, Number(index)), focus: fieldsOfFeature(code).tier(0).upTo }
}

/** Moves the rows below the removed one up. */
function withoutTier(form: Form, code: string, removed: number): Form {
  const of = fieldsOfFeature(code)
  const count = tiersShown(form, code)
  const rows = Array.from({ length: count }, (_, index) => of.tier(index))
  const values = rows
    .filter((_, index) => index !== removed)
    .map(({ upTo, amount, flat }) => [form[upTo], form[amount], form[flat]] as const)
  const moved = rows.flatMap(({ upTo, amount, flat }, index) => {
    const [to = '', each = '', once = ''] = values[index] ?? []
    return [
      [upTo, to],
      [amount, each],
      [flat, once],
    ]
  })
  return {
    ...form,
    ...Object.fromEntries(moved),
    [of.tiers]: String(Math.max(1, count - (removed < count ? 1 : 0))),
  }
}
