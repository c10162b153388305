import { setTimeout as wait } from 'node:timers/promises'
import Stripe from 'stripe'

const ATTEMPTS_MAX = 40
const AGAIN_AFTER_MS = 50

/**
 * Repeats an action in Stripe's dashboard until it succeeds: faults are meant for our own requests. Undefined when an
 * attempt that seemed to fail had succeeded.
 */
export async function insist<T>(ask: () => Promise<T>): Promise<T | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      const isDoneAlready = error instanceof Stripe.errors.StripeInvalidRequestError && attempt > 1
      if (isDoneAlready) return undefined
      if (!isTransient(error) || attempt >= ATTEMPTS_MAX) throw error
      await wait(AGAIN_AFTER_MS)
    }
  }
}

const isTransient = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeAPIError ||
  error instanceof Stripe.errors.StripeConnectionError ||
  error instanceof Stripe.errors.StripeRateLimitError
