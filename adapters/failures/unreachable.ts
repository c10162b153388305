import { ServiceError } from '@temporalio/client'
import { classifyStripeError } from '../stripe/sdk/errors.ts'
import { isDatabaseUnavailable } from './database.ts'

/** gRPC's messages for a server that is unreachable or does not answer. */
const AWAY = /UNAVAILABLE|DEADLINE_EXCEEDED|[Ff]ailed to connect|Unexpected error while making gRPC/

/** A part that does not answer, and what to check. */
export type UnreachablePart = { readonly part: string; readonly check: string }

const DATABASE: UnreachablePart = {
  part: 'The database',
  check: 'Does it run there, and is DATABASE_URL right?',
}
const STRIPE: UnreachablePart = {
  part: 'Stripe',
  check: 'Can this machine reach it, and is STRIPE_API_BASE right (unset for Stripe itself)?',
}
const TEMPORAL: UnreachablePart = {
  part: 'Temporal',
  check: 'Does a server run at TEMPORAL_ADDRESS?',
}

/** @returns the part that cannot be reached or does not answer, so that the same call may succeed later */
export function unreachablePart(error: unknown): UnreachablePart | undefined {
  if (classifyStripeError(error)?.kind === 'again') return STRIPE
  if (!(error instanceof Error)) return undefined
  const words =
    error instanceof ServiceError ? `${error.message} ${String(error.cause)}` : error.message
  // The worker's native connection has an error of its own; importing its class would load the native library.
  if (AWAY.test(words) || error.name === 'TransportError') return TEMPORAL
  return isDatabaseUnavailable(error) ? DATABASE : unreachablePart(error.cause)
}
