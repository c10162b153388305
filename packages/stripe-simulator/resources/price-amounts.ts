import { decimal, either, fields, integer, oneOf, required } from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import type { Price, Tier } from '../store/stored.ts'

/** A tier as a caller writes it. */
export const TIER = fields({
  flat_amount: integer(0),
  flat_amount_decimal: decimal(),
  unit_amount: integer(0),
  unit_amount_decimal: decimal(),
  up_to: required(either(oneOf('inf'), integer(1))),
})

type TierWritten = ReturnType<(typeof TIER)['read']>

type Written = {
  readonly billing_scheme?: 'per_unit' | 'tiered' | undefined
  readonly tiers?: readonly TierWritten[] | undefined
  readonly tiers_mode?: 'graduated' | 'volume' | undefined
  readonly transform_quantity?:
    { readonly divide_by: number; readonly round: 'down' | 'up' } | undefined
  readonly unit_amount?: number | undefined
  readonly unit_amount_decimal?: string | undefined
}

type Amounts = Pick<
  Price,
  'billing_scheme' | 'tiers_mode' | 'transform_quantity' | 'unit_amount' | 'unit_amount_decimal'
>

/** The amounts of a new price: one for each unit, or tiers. */
export function amountsOf(written: Written): Amounts {
  const { billing_scheme = 'per_unit', tiers_mode, transform_quantity = null } = written
  if (billing_scheme === 'tiered') {
    if (tiers_mode === undefined)
      throw invalid('Missing required param: tiers_mode.', 'tiers_mode', 'parameter_missing')
    if (written.unit_amount !== undefined || written.unit_amount_decimal !== undefined)
      throw invalid('You cannot set unit_amount for a price with tiers.', 'unit_amount')
    if (transform_quantity !== null)
      throw invalid('You cannot combine transform_quantity with tiers.', 'transform_quantity')
    const none = { unit_amount: null, unit_amount_decimal: null }
    return { billing_scheme, tiers_mode, transform_quantity, ...none }
  }
  if (written.tiers !== undefined || tiers_mode !== undefined)
    throw invalid('Tiers need billing_scheme=tiered.', 'tiers')
  const unit = amountOf(written.unit_amount, written.unit_amount_decimal)
  if (unit === null)
    throw invalid('Specify exactly one of unit_amount and unit_amount_decimal.', 'unit_amount')
  const [unit_amount, unit_amount_decimal] = unit
  return { billing_scheme, tiers_mode: null, transform_quantity, unit_amount, unit_amount_decimal }
}

/** The tiers of a new price: in ascending order, the last one open. None for a price without tiers. */
export function tiersOf({ billing_scheme, tiers = [] }: Written): Tier[] {
  if (billing_scheme !== 'tiered') return []
  if (tiers.length === 0)
    throw invalid('Missing required param: tiers.', 'tiers', 'parameter_missing')
  return tiers.map((tier, index) => {
    const isLast = index === tiers.length - 1
    if ((tier.up_to === 'inf') !== isLast)
      throw invalid('The last tier, and only it, must have up_to=inf.', `tiers[${index}][up_to]`)
    const below = index === 0 ? 0 : tiers[index - 1]?.up_to
    if (typeof tier.up_to === 'number' && typeof below === 'number' && tier.up_to <= below)
      throw invalid('Tiers must be in ascending order.', `tiers[${index}][up_to]`)
    return tierOf(tier, `tiers[${index}]`)
  })
}

function tierOf(tier: TierWritten, at: string): Tier {
  const unit = amountOf(tier.unit_amount, tier.unit_amount_decimal)
  const flat = amountOf(tier.flat_amount, tier.flat_amount_decimal)
  if (unit === null && flat === null)
    throw invalid('An entry in the tiers array is missing an amount.', at)
  return {
    flat_amount: flat?.[0] ?? null,
    flat_amount_decimal: flat?.[1] ?? null,
    unit_amount: unit?.[0] ?? null,
    unit_amount_decimal: unit?.[1] ?? null,
    up_to: tier.up_to === 'inf' ? null : tier.up_to,
  }
}

/** Stripe answers a whole amount as a number as well. */
function amountOf(
  whole: number | undefined,
  decimals: string | undefined,
): readonly [number | null, string] | null {
  if ((whole === undefined) === (decimals === undefined)) return null
  const written = decimals ?? String(whole)
  return [Number.isInteger(Number(written)) ? Number(written) : null, written]
}
