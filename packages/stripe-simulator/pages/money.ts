/** Currencies without decimals. @see https://docs.stripe.com/currencies#zero-decimal */
const ZERO_DECIMAL: ReadonlySet<string> = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' '),
)

/** @param minor An amount in the currency's smallest unit. */
export function moneyText(minor: number, currency: string): string {
  const amount = ZERO_DECIMAL.has(currency) ? minor : minor / 100
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount)
}

/** The interval of a price, such as “per month” or “every 3 months”. */
export function everyText(recurring: { interval: string; interval_count: number } | null): string {
  if (recurring === null) return ''
  const { interval, interval_count: count } = recurring
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`
}

/** @param seconds Seconds since the epoch. */
export function dayText(seconds: number): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(
    seconds * 1000,
  )
}
