import type Stripe from 'stripe'

/**
 * Nothing is read before a customer is created, and another process may return money between the reading and the request. Their
 * commands, `commands/customer.ts` and `commands/return-money.ts`, handle a saved failure themselves: they read first.
 */
const READ_AFTER_FAILURE: readonly string[] = ['/v1/customers', '/v1/refunds', '/v1/credit_notes']

/** One request meets at most this many saved failures in a row. Then the error goes to the caller. */
const KEYS_MAX = 20

/**
 * Sends a request again under a new key when Stripe answers with a saved failure.
 *
 * Stripe saves its own failure (a 500) under the idempotency key for a day and repeats it without doing anything. The header
 * `idempotent-replayed` marks such an answer. Our commands read Stripe before they write, so at this point we know that the
 * failed request changed nothing. The new key is derived from the old one, so all processes use the same sequence.
 *
 * A first failure is left to the next attempt, because that attempt reads Stripe again. If another process's failed request
 * did succeed, as for a product that many checkouts need, Stripe rejects the duplicate name and `catalogue.ts` reads again.
 *
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export function withFreshKeys(inner: Stripe.HttpClient): Stripe.HttpClient {
  return {
    getClientName: () => inner.getClientName(),
    async makeRequest(host, port, path, method, headers, ...rest) {
      const name = Object.keys(headers).find((each) => each.toLowerCase() === 'idempotency-key')
      const key = name === undefined ? undefined : Reflect.get(headers, name)
      for (let spent = 0; ; spent++) {
        const sent =
          spent === 0 || name === undefined
            ? headers
            : { ...headers, [name]: `${String(key)}:again-${spent}` }
        const response = await inner.makeRequest(host, port, path, method, sent, ...rest)
        const isKeySpent =
          key !== undefined &&
          !READ_AFTER_FAILURE.includes(path) &&
          isSavedFailure(response) &&
          spent < KEYS_MAX
        if (!isKeySpent) return response
        // Reading the body frees the connection for the next request.
        await response.toJSON()
      }
    },
  }
}

function isSavedFailure(response: Stripe.HttpClientResponse): boolean {
  return response.getStatusCode() >= 500 && response.getHeaders()['idempotent-replayed'] === 'true'
}
