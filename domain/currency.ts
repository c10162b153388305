/**
 * How many decimals Stripe's amounts have. Stripe differs from ISO 4217 and from the locale library: it has two decimals for
 * all currencies but these.
 *
 * ISK and UGX have no decimals in use, and Stripe still takes them with two for compatibility, always `00`. HUF and TWD are
 * charged with two decimals; only payouts are whole.
 *
 * @see https://docs.stripe.com/currencies#zero-decimal
 * @see https://docs.stripe.com/currencies#special-cases
 */
const ZERO_DECIMAL: ReadonlySet<string> = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '),
)
/** @see https://docs.stripe.com/currencies#three-decimal */
const THREE_DECIMAL: ReadonlySet<string> = new Set('bhd jod kwd omr tnd'.split(' '))

/** @param currency ISO 4217 in lower case @returns the decimals of Stripe's minor unit: 0, 2 or 3 */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  if (ZERO_DECIMAL.has(currency)) return 0
  return THREE_DECIMAL.has(currency) ? 3 : 2
}
