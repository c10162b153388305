import { createStripeClient } from '../../adapters/stripe/sdk/client.ts'
import { classifyStripeError } from '../../adapters/stripe/sdk/errors.ts'
import { withTimeout } from '../../adapters/time/timeout.ts'
import { messageOf } from '../message-of.ts'
import { logOf, statePath, type StackContext } from '../context.ts'
import { startStripeSimulator } from '../../packages/stripe-simulator/simulator.ts'
import { SIMULATOR_KEY } from '../stack-environment.ts'
import { ensureWebhookEndpoint } from '../webhook-endpoint.ts'

/** The keys and the address with which the programs reach Stripe, and its kind in words for the developer. */
export type StripePart = {
  readonly apiKey: string
  /** The simulator's address; undefined for real Stripe. */
  readonly apiBase: string | undefined
  readonly webhookSecret: string
  readonly detail: string
}

/** Stripe: the simulator, or Stripe's test mode if STRIPE_API_KEY is set. */
export async function startStripe(context: StackContext): Promise<StripePart> {
  const { STRIPE_API_KEY: apiKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = context.environment
  if (apiKey !== undefined && webhookSecret !== undefined) {
    await tryKey(apiKey)
    return { apiKey, apiBase: undefined, webhookSecret, detail: 'test mode, by STRIPE_API_KEY' }
  }
  const apiBase = `http://127.0.0.1:${context.ports.simulator}`
  const simulator = await startStripeSimulator({
    port: context.ports.simulator,
    publicUrl: `http://localhost:${context.ports.simulator}`,
    clock: context.clock,
    journalPath: statePath(context, 'stripe.journal'),
    log: logOf(context, 'stripe'),
  })
  context.parts.add('Stripe simulator', { stop: simulator.close })
  const secret = await ensureWebhookEndpoint(
    createStripeClient({ apiKey: SIMULATOR_KEY, apiBase }),
    `http://127.0.0.1:${context.ports.api}/api/v1/billing/webhooks/stripe`,
    statePath(context, 'stripe-webhook.json'),
  )
  return { apiKey: SIMULATOR_KEY, apiBase, webhookSecret: secret, detail: 'simulator' }
}

/** Stripe answers within a second. */
const TRY_MAX_MS = 5_000

/** Fails now rather than at the first checkout. @throws if Stripe rejects the key or cannot be reached */
async function tryKey(apiKey: string): Promise<void> {
  try {
    await withTimeout(TRY_MAX_MS, () => createStripeClient({ apiKey }).products.list({ limit: 1 }))
  } catch (error) {
    const isRejected = classifyStripeError(error)?.kind === 'rejected'
    const why = isRejected ? 'Stripe rejects STRIPE_API_KEY' : 'Stripe does not answer'
    throw new Error(`${why}: ${messageOf(error)}\nUnset STRIPE_API_KEY to use the simulator.`, {
      cause: error,
    })
  }
}
