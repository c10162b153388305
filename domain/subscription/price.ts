import type { PlanVersion } from '../catalogue/plan.ts'
import { money, type Money } from '../money.ts'
import type { Subscription } from './subscription.ts'

/** The price of one period that begins at `at`: for the whole quantity and the add-ons, with a discount that is still valid then. */
export function priceAt(
  {
    quantity,
    discount,
    addonsMinor = 0,
  }: Pick<Subscription, 'quantity' | 'discount'> & { readonly addonsMinor?: number },
  { price }: Pick<PlanVersion, 'price'>,
  at: Date,
): Money {
  const full = price.amountMinor * quantity + addonsMinor
  const isValid = discount !== null && (discount.endsAt === null || discount.endsAt > at)
  if (!isValid) return money(full, price.currency)
  const { percentOff, amountOffMinor, currency } = discount
  if (percentOff !== null)
    return money(Math.round((full * (100 - percentOff)) / 100), price.currency)
  const off = currency === price.currency ? (amountOffMinor ?? 0) : 0
  return money(Math.max(0, full - off), price.currency)
}
