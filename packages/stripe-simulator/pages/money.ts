/** Currencies without decimals. UGX has two here, as an exception. @see https://docs.stripe.com/currencies#zero-decimal */
const ZERO_DECIMAL: ReadonlySet<string> = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '),
)
/** @see https://docs.stripe.com/currencies#three-decimal */
const THREE_DECIMAL: ReadonlySet<string> = new Set('bhd jod kwd omr tnd'.split(' '))

/** Stripe's twelve decimals of the smallest unit, and the currency's own. */
const FRACTION_MAX = 15

const decimalsOf = (currency: string): number => {
  if (ZERO_DECIMAL.has(currency)) return 0
  return THREE_DECIMAL.has(currency) ? 3 : 2
}

/** @param minor An amount in the currency's smallest unit. */
export function moneyText(minor: number, currency: string): string {
  // An amount below the smallest unit, such as 0.05 cents, shows all its decimals.
  const below = Number.isInteger(minor) ? {} : { maximumFractionDigits: FRACTION_MAX }
  return new Intl.NumberFormat('en', { style: 'currency', currency, ...below }).format(
    minor / 10 ** decimalsOf(currency),
  )
}

/** The interval of a price, such as “per month” or “every 3 months”. */
export function everyText(recurring: { interval: string; interval_count: number } | null): string {
  if (recurring === null) return ''
  const { interval, interval_count: count } = recurring
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`
}

/** @param seconds Seconds since the epoch. `short`: `16 Apr 2026`, as on the lines of invoices. */
export function dayText(seconds: number, form: 'long' | 'short' = 'long'): string {
  const format =
    form === 'long'
      ? new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' })
      : new Intl.DateTimeFormat('en-GB', {
          day: 'numeric',
          month: 'short',
          year: 'numeric',
          timeZone: 'UTC',
        })
  return format.format(seconds * 1000)
}
