import type { Stripe } from 'stripe'
import { retrieval } from '../http/by-path.ts'
import { operation } from '../http/operation.ts'
import {
  decimal,
  flag,
  id,
  ignored,
  metadata,
  required,
  text,
  type Covers,
} from '../http/params.ts'
import { missing } from '../http/refusal.ts'
import { newTaxRate } from '../objects/tax-rate.ts'
import type { TaxRate } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { given } from './given.ts'

const CREATE = {
  active: flag(),
  country: text(2),
  description: text(),
  display_name: required(id()),
  inclusive: required(flag()),
  jurisdiction: text(200),
  metadata: metadata(),
  percentage: required(decimal()),
  state: text(),
  tax_type: ignored,
} as const satisfies Covers<Stripe.TaxRateCreateParams>

/** Rates that an operator sets on a subscription by hand. */
export const taxRates = [
  operation('POST /v1/tax_rates', {
    answers: 'tax_rate',
    params: CREATE,
    run(step, { params }) {
      const { active, country, description, display_name, inclusive, jurisdiction, state } = params
      return step.put(
        'taxRates',
        newTaxRate({
          ...given({ active, country, description, jurisdiction, state }),
          created: step.now,
          display_name,
          inclusive,
          metadata: params.metadata ?? {},
          percentage: Number(params.percentage),
        }),
      )
    },
  }),
  retrieval('GET /v1/tax_rates/:id', { answers: 'tax_rate', table: 'taxRates', noun: 'tax rate' }),
]

/** The rates that a call names. An empty list removes them all. */
export function taxRatesOf(step: Step, ids: readonly string[] | null, at: string): TaxRate[] {
  return (ids ?? []).map((wanted, index) => {
    const row = step.find('taxRates', wanted)
    if (row === undefined) throw missing('tax rate', wanted, `${at}[${index}]`, 'param')
    return row
  })
}
