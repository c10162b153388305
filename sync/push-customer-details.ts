import type Stripe from 'stripe'
import { updateCustomer } from '../adapters/stripe/commands/customer.ts'
import { findAtStripe } from '../adapters/stripe/sdk/errors.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'
import type { CustomerUpdateRepository } from '../domain/customer/details.ts'

/** Updates per round, so that a large import of addresses leaves Stripe's rate limit to checkouts. */
const BATCH_MAX = 20
/** Longer than a request to Stripe lasts with its wait for a turn: no two processes send details of one customer. */
const LEASE_MS = 120_000
/** Waits of 2, 4, 8 … seconds after a failure, and ten minutes at most. It is never given up. */
const BACKOFF_MS = 1_000
const BACKOFF_MAX_MS = 600_000

/** The parts that writing details of customers to Stripe uses. */
export type CustomerDetailsParts = {
  readonly stripe: Stripe
  readonly environment: string
  readonly customerUpdates: CustomerUpdateRepository
  readonly logger: Logger
}

/**
 * Writes changed addresses and names to Stripe's customers. Running it twice, or after a lost response, writes the same. A customer
 * who was deleted at Stripe needs no update: the next checkout creates one with the present details.
 *
 * @returns the number of updates that were sent or failed
 */
export async function pushCustomerDetails(
  parts: CustomerDetailsParts,
  now: () => Date,
): Promise<number> {
  const { stripe, environment, customerUpdates, logger } = parts
  for (let count = 0; count < BATCH_MAX; count++) {
    // A round can take minutes. Each claim counts from its own beginning.
    const update = await customerUpdates.claim(now(), LEASE_MS)
    if (update === undefined) return count
    try {
      await findAtStripe(() => updateCustomer({ stripe, environment }, update))
      await customerUpdates.done(update, now())
    } catch (error) {
      logger.warn({ err: error }, 'the details of a customer were not sent to Stripe yet')
      const waitMs = Math.min(BACKOFF_MS * 2 ** update.attempts, BACKOFF_MAX_MS)
      await customerUpdates.postpone(update, new Date(now().getTime() + waitMs))
    }
  }
  return BATCH_MAX
}
