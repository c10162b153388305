import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import { stripeKey } from '../../../domain/keys.ts'
import { derivedUuid } from '../../secrets/derived-uuid.ts'
import { isRememberedFailure } from '../sdk/errors.ts'
import { METADATA_USER } from '../sdk/metadata.ts'

export type CustomerOrder = {
  readonly userId: string
  readonly email: string | null
  /** Which customer of the user's this is: one that was deleted is followed by another. */
  readonly generation: number
}

/** So many failures in a row that Stripe remembers are passed by; then it waits for the next attempt. */
const PASSED_BY_MAX = 5
/** Of the newest customers (of this address, if there is one) so many are looked at for one that a failed request made. */
const LOOKED_AT_MAX = 1_000
const PAGE = 100

/**
 * Makes a user's customer. Running it twice answers the same one, also where Stripe made it, answered that it had failed, and
 * remembers that under the key: then the newest customers are read before it is asked under another key.
 */
export async function createCustomer(
  { stripe, environment }: { readonly stripe: Stripe; readonly environment: string },
  { userId, email, generation }: CustomerOrder,
): Promise<string> {
  const parameters = { metadata: { [METADATA_USER]: userId }, ...(email && { email }) }
  // A user id may be an e-mail address, and Stripe wants no personal data in keys: both go in as hashes. Other
  // parameters under one key would be refused for a day, so they are part of it.
  const subject = derivedUuid(`customer/${userId}`)
  const command = `create-customer-${hashOf(parameters)}`
  const key = stripeKey({ environment, subject, command, generation })
  for (let passedBy = 0; ; passedBy++) {
    try {
      const idempotencyKey = passedBy === 0 ? key : `${key}:again-${passedBy}`
      return (await stripe.customers.create(parameters, { idempotencyKey })).id
    } catch (error) {
      if (passedBy === PASSED_BY_MAX || !isRememberedFailure(error)) throw error
      const made = await customerOf(stripe, userId, email)
      if (made !== undefined) return made
    }
  }
}

async function customerOf(
  stripe: Stripe,
  userId: string,
  email: string | null,
): Promise<string | undefined> {
  let lookedAt = 0
  for await (const { id, metadata } of stripe.customers.list({
    limit: PAGE,
    ...(email && { email }),
  })) {
    if (metadata[METADATA_USER] === userId) return id
    if (++lookedAt === LOOKED_AT_MAX) return undefined
  }
  return undefined
}

const hashOf = (parameters: object): string =>
  createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 16)
