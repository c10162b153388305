import type { Context } from 'hono'
import { userOf } from './auth/user.ts'
import type { ApiEnvironment } from './environment.ts'
import { problem } from './problem.ts'
import { createShares, type Shares } from './shares.ts'

/**
 * All processes together may send a few dozen requests a second to Stripe. So the calls of one user that ask Stripe wait for each
 * other: with many at once, a user would take every slot from checkouts and renewals of others.
 */
const TURNS = { together: 10, perCaller: 10 }

/** Runs what one user asks of Stripe in the user's turn. Nothing else belongs into a turn: a workflow may take seconds to answer. */
export type StripeShares = Shares
/** The shares of one operation. */
export const stripeShares = (): StripeShares => createShares(TURNS)

/**
 * The turns of one operation: runs the calls of a user one after the other.
 *
 * @returns the result of `work`; 429 for a user with more waiting calls than the limit.
 */
export function stripeTurns() {
  const share = stripeShares()
  return async <T>(c: Context<ApiEnvironment>, work: () => Promise<T>) => {
    const answer = await share(userOf(c).userId, work)
    return answer === 'too_many'
      ? problem(c, 'rate_limited', TOO_MANY_FOR_STRIPE, { headers: { 'retry-after': '1' } })
      : answer
  }
}

/** The detail of the problem `rate_limited` for a user with more waiting calls than the limit. */
export const TOO_MANY_FOR_STRIPE = `At most ${TURNS.perCaller} calls of one user wait for Stripe at once. Repeat the request when the others are answered.`
