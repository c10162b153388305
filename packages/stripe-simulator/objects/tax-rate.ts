import { newId } from '../store/ids.ts'
import type { TaxRate } from '../store/stored.ts'

/** An active tax rate; `percentage` is in percent. */
export function newTaxRate(
  given: Partial<TaxRate> & Pick<TaxRate, 'created' | 'display_name' | 'inclusive' | 'percentage'>,
): TaxRate {
  return {
    id: newId('txr'),
    object: 'tax_rate',
    active: true,
    country: null,
    description: null,
    effective_percentage: null,
    flat_amount: null,
    jurisdiction: null,
    jurisdiction_level: null,
    livemode: false,
    metadata: {},
    rate_type: 'percentage',
    state: null,
    tax_type: null,
    ...given,
  }
}
