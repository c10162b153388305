/** Currencies whose smallest unit is the whole: https://docs.stripe.com/currencies#zero-decimal */
const ZERO_DECIMAL: ReadonlySet<string> = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' '),
)

export function moneyText(minor: number, currency: string): string {
  const amount = ZERO_DECIMAL.has(currency) ? minor : minor / 100
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount)
}

export function everyText(recurring: { interval: string; interval_count: number } | null): string {
  if (recurring === null) return ''
  const { interval, interval_count: count } = recurring
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`
}

export function dayText(seconds: number): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(
    seconds * 1000,
  )
}
