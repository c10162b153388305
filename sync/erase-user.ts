import type { Client } from '@temporalio/client'
import type Stripe from 'stripe'
import { subscriptionWorkflowId } from '../workflows/contract.ts'
import {
  eraseRows,
  findErasable,
  type Erased,
  type Refused,
} from '../adapters/database/postgres/user-erasure.ts'
import { findAtStripe } from '../adapters/stripe/sdk/errors.ts'
import { deleteRuns } from '../adapters/temporal/deletion.ts'

/** The parts that erasure uses. */
export type EraseParts = {
  readonly databaseUrl: string
  readonly stripe: Stripe
  readonly temporal: Client
}

/**
 * Deletes a user at Stripe, in Temporal and in Postgres. The rows come last, so that a repeat can finish after a crash. Running
 * it twice finds no user the second time.
 *
 * @returns what was erased, or why the user cannot be erased yet
 */
export async function eraseUser(
  { databaseUrl, stripe, temporal }: EraseParts,
  userId: string,
  at: Date,
): Promise<Erased | Refused> {
  const found = await findErasable(databaseUrl, userId)
  if (found.kind !== 'over') return found
  const { stripeCustomerId } = found
  // Stripe keeps the invoices, as the law requires, and deletes the customer's data.
  if (stripeCustomerId !== null) await findAtStripe(() => stripe.customers.del(stripeCustomerId))
  for (const id of found.subscriptionIds) await deleteRuns(temporal, subscriptionWorkflowId(id))
  return eraseRows(databaseUrl, userId, at)
}
