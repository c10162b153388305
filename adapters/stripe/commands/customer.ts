import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import { derivedUuid } from '../../secrets/derived-uuid.ts'
import { isSavedFailure } from '../sdk/errors.ts'
import { PAGE_MAX } from '../sdk/listing.ts'
import { METADATA_USER } from '../sdk/metadata.ts'
import { keyed, type StripeContext } from './context.ts'

/** A customer to create. */
export type CustomerOrder = {
  readonly userId: string
  readonly email: string | null
  readonly name: string | null
  /** Counts the user's customers: after one is deleted at Stripe, the next one has the next number. */
  readonly generation: number
}

/** After this many saved failures in a row the error goes to the caller. */
const SAVED_FAILURES_MAX = 5
/** How many of the newest customers (with this address, if there is one) are searched after a saved failure. */
const SEARCHED_MAX = 1_000

/**
 * Creates a user's customer. Running it twice returns the same one. That is also true when Stripe created the customer, answered
 * 500, and saved this answer under the key: the newest customers are then searched before a new key is tried.
 *
 * @returns the customer's id at Stripe
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export async function createCustomer(
  context: StripeContext,
  { userId, email, name, generation }: CustomerOrder,
): Promise<string> {
  const { stripe } = context
  const parameters = {
    metadata: { [METADATA_USER]: userId },
    ...(email && { email }),
    ...(name && { name }),
  }
  // A user id may be an e-mail address, and Stripe asks for keys without personal data, so the key holds hashes. It includes
  // the parameters, because for a day Stripe refuses a key that returns with other parameters.
  const subject = derivedUuid(`customer/${userId}`)
  const command = `create-customer-${hashOf(parameters)}`
  const { idempotencyKey: key } = keyed(context, { subject, command, generation })
  for (let failures = 0; ; failures++) {
    try {
      const idempotencyKey = failures === 0 ? key : `${key}:again-${failures}`
      return (await stripe.customers.create(parameters, { idempotencyKey })).id
    } catch (error) {
      if (failures === SAVED_FAILURES_MAX || !isSavedFailure(error)) throw error
      const created = await findCustomerOf(stripe, userId, email)
      if (created !== undefined) return created
    }
  }
}

/** Address and name of a customer at Stripe. */
export type CustomerUpdate = Pick<CustomerOrder, 'email' | 'name'> & {
  readonly stripeCustomerId: string
  /** Counts the changes of one customer. */
  readonly revision: number
}

/** Writes address and name to a customer; null leaves what is there. Running it twice changes nothing more. */
export async function updateCustomer(
  context: StripeContext,
  { stripeCustomerId, email, name, revision }: CustomerUpdate,
): Promise<void> {
  const parameters = { ...(email && { email }), ...(name && { name }) }
  await context.stripe.customers.update(
    stripeCustomerId,
    parameters,
    // The key includes the parameters: a customer who was created again counts from the beginning.
    keyed(context, {
      subject: stripeCustomerId,
      command: `update-customer-${hashOf(parameters)}`,
      generation: revision,
    }),
  )
}

async function findCustomerOf(
  stripe: Stripe,
  userId: string,
  email: string | null,
): Promise<string | undefined> {
  let searched = 0
  for await (const { id, metadata } of stripe.customers.list({
    limit: PAGE_MAX,
    ...(email && { email }),
  })) {
    if (metadata[METADATA_USER] === userId) return id
    if (++searched === SEARCHED_MAX) return undefined
  }
  return undefined
}

const hashOf = (parameters: object): string =>
  createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 16)
