import type { Client } from '@temporalio/client'
import type Stripe from 'stripe'
import { subscriptionWorkflowId } from '../workflows/contract.ts'
import {
  eraseRows,
  findErasable,
  type Erased,
  type Refused,
} from '../adapters/database/postgres/user-erasure.ts'
import { classifyStripeError } from '../adapters/stripe/sdk/errors.ts'
import { deleteRuns } from '../adapters/temporal/deletion.ts'

export type Erasing = {
  readonly databaseUrl: string
  readonly stripe: Stripe
  readonly temporal: Client
}

/**
 * Forgets a user at Stripe, in Temporal and in Postgres, in this order: while their row is there, a repeat can do what a
 * crash left undone. Doing it twice finds nobody the second time.
 */
export async function eraseUser(
  { databaseUrl, stripe, temporal }: Erasing,
  userId: string,
  at: Date,
): Promise<Erased | Refused> {
  const found = await findErasable(databaseUrl, userId)
  if (found.kind !== 'over') return found
  if (found.stripeCustomerId !== null) await deleteAtStripe(stripe, found.stripeCustomerId)
  for (const id of found.subscriptionIds) await deleteRuns(temporal, subscriptionWorkflowId(id))
  return eraseRows(databaseUrl, userId, at)
}

/** Stripe keeps the bills, as the law wants, and forgets the rest. */
async function deleteAtStripe(stripe: Stripe, id: string): Promise<void> {
  try {
    await stripe.customers.del(id)
  } catch (error) {
    if (classifyStripeError(error)?.kind !== 'missing') throw error
  }
}
