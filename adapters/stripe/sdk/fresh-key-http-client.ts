import type Stripe from 'stripe'

/** A customer is made without a look before: `customer.ts` takes that look when it meets such a failure. */
const READS_AFTERWARDS = '/v1/customers'

/** Of one request Stripe may fail so often in a row that each failure is remembered; then it waits for the next attempt. */
const KEYS_MAX = 20

/**
 * Stripe remembers its own failure (a 500) under the key of the request for a day, and answers each retry with it without
 * trying anything. Such an answer says so. Whoever asks here has read Stripe since that failure and found that nothing had
 * been done (`activities/` read before they write, each time), so the request goes out once more under the next key in a
 * row that is the same for everybody. A failure that is fresh is left to the next attempt, which reads first. Where another
 * one's failure is met that had been done after all, as of a product that many need, the name is taken: `catalogue.ts` looks again.
 */
export function withFreshKeys(inner: Stripe.HttpClient): Stripe.HttpClient {
  return {
    getClientName: () => inner.getClientName(),
    async makeRequest(host, port, path, method, headers, ...rest) {
      const name = Object.keys(headers).find((each) => each.toLowerCase() === 'idempotency-key')
      const key = name === undefined ? undefined : Reflect.get(headers, name)
      for (let spent = 0; ; spent++) {
        const own =
          spent === 0 || name === undefined
            ? headers
            : { ...headers, [name]: `${String(key)}:again-${spent}` }
        const response = await inner.makeRequest(host, port, path, method, own, ...rest)
        const isSpent =
          key !== undefined &&
          path !== READS_AFTERWARDS &&
          wasRemembered(response) &&
          spent < KEYS_MAX
        if (!isSpent) return response
        // The connection is free for the next request once this answer was read.
        await response.toJSON()
      }
    },
  }
}

function wasRemembered(response: Stripe.HttpClientResponse): boolean {
  return response.getStatusCode() >= 500 && response.getHeaders()['idempotent-replayed'] === 'true'
}
