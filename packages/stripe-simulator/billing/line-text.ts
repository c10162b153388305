import type { Charge } from './rating.ts'
import { dayText, moneyText } from '../pages/money.ts'
import type { Price, SubscriptionItem } from '../store/stored.ts'
import type { Reader } from '../store/store.ts'

type Named = Pick<Reader, 'find'>

/** Stripe's texts of invoice lines: they name the product, never the price's id. */

/** `1 × Pro (at $20.00 / month)` */
export function periodText(reader: Named, price: Price, quantity: number): string {
  const every = price.recurring === null ? '' : ` / ${intervalText(price.recurring)}`
  const unit = moneyText(Number(price.unit_amount_decimal ?? 0), price.currency)
  return `${quantity} × ${productName(reader, price)} (at ${unit}${every})`
}

/** `1000 × Messages (Tier 1 at $0.01 / month)`, `Messages (Tier 2 flat fee)` */
export function chargeText(reader: Named, price: Price, charge: Charge): string {
  const { quantity, tier, unitAmountDecimal } = charge
  if (tier === null) return periodText(reader, price, quantity)
  const name = productName(reader, price)
  if (unitAmountDecimal === null) return `${name} (Tier ${tier} flat fee)`
  const every = price.recurring === null ? '' : ` / ${intervalText(price.recurring)}`
  const unit = moneyText(Number(unitAmountDecimal), price.currency)
  return `${quantity} × ${name} (Tier ${tier} at ${unit}${every})`
}

/** The description of a line that a trial makes free. */
export const trialText = (reader: Named, price: Price): string =>
  `Trial period for ${productName(reader, price)}`

/** `Unused time on Pro after 16 Apr 2026`, `Remaining time on 2 × Pro after 16 Apr 2026` */
export function prorationText(
  reader: Named,
  what: 'Unused' | 'Remaining',
  { item, at }: { readonly item: SubscriptionItem; readonly at: number },
): string {
  const { price, quantity = 1 } = item
  const name = productName(reader, price)
  return `${what} time on ${quantity === 1 ? name : `${quantity} × ${name}`} after ${dayText(at, 'short')}`
}

const productName = (reader: Named, { product }: Price): string =>
  reader.find('products', product)?.name ?? product

const intervalText = ({ interval, interval_count: count }: NonNullable<Price['recurring']>) =>
  count === 1 ? interval : `every ${count} ${interval}s`
