import type { Form } from '../web/form.ts'
import { amountFrom, decimalFrom } from './amount.ts'
import { emptyAsUndefined, numberOf } from '../web/form-values.ts'
import { fieldsOfFeature, tiersFilled } from './version-fields.ts'

/** The mistake in each field, by the name of the field. */
export type FieldErrors = ReadonlyMap<string, string>

type Read = {
  /** As the API accepts it; undefined if the feature has none. */
  readonly price: object | undefined
  /** The amounts that cannot be read. */
  readonly errors: FieldErrors
}

const NO_AMOUNT = 'Enter an amount, such as 0.05.'
const NO_FLAT = 'Enter an amount, such as 5.00, or leave it empty.'

/** The usage price of a feature in a submitted draft. Fields of other models are ignored, and so are empty tiers. */
export function usagePriceFrom(form: Form, code: string, currency: string): Read {
  const of = fieldsOfFeature(code)
  const errors = new Map<string, string>()
  const amount = (field: string) => {
    const decimal = decimalFrom(form[field], currency)
    if (decimal === undefined) errors.set(field, NO_AMOUNT)
    return decimal
  }
  const model = form[of.model]
  switch (model) {
    case '':
    case undefined:
      return { price: undefined, errors }
    case 'per_unit':
      return { price: { model, unit_amount_decimal: amount(of.amount) }, errors }
    case 'package':
      return {
        price: {
          model,
          unit_amount_decimal: amount(of.amount),
          package_size: numberOf(emptyAsUndefined(form[of.packageSize])),
          round: form[of.round],
        },
        errors,
      }
    default:
      return {
        price: { model, tiers: tiersFrom(form, code, { currency, amount, errors }) },
        errors,
      }
  }
}

type Reading = {
  readonly currency: string
  readonly amount: (field: string) => string | undefined
  readonly errors: Map<string, string>
}

const tiersFrom = (form: Form, code: string, { currency, amount, errors }: Reading) =>
  tiersFilled(form, code)
    .map((index) => fieldsOfFeature(code).tier(index))
    .map((row) => {
      const flat = emptyAsUndefined(form[row.flat]) ?? '0'
      const flat_amount_minor = amountFrom(flat, currency)
      if (flat_amount_minor === undefined) errors.set(row.flat, NO_FLAT)
      return {
        up_to: numberOf(emptyAsUndefined(form[row.upTo])) ?? null,
        unit_amount_decimal: amount(row.amount),
        flat_amount_minor,
      }
    })
