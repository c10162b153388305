/** Test cards, as on Stripe's own page. */
export const CARDS = {
  good: '4242424242424242',
  declined: '4000000000000002',
  threeDSecure: '4000002500003155',
} as const

/** Submits the simulator’s checkout page; the fingerprint says whose card it is, `page` fills further fields. */
export function pay(
  checkoutUrl: string,
  card: string = CARDS.good,
  fingerprint?: string,
  page: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(checkoutUrl, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ ...page, card, ...(fingerprint !== undefined && { fingerprint }) }),
  })
}
