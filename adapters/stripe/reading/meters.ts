import type Stripe from 'stripe'
import { PAGE_MAX } from '../sdk/listing.ts'

/** An account has a meter for each billed feature; more than this are not looked through. */
const METERS_MAX = 1_000

/** @returns the active meters of the account */
export const activeMeters = (stripe: Pick<Stripe, 'billing'>): Promise<Stripe.Billing.Meter[]> =>
  stripe.billing.meters
    .list({ status: 'active', limit: PAGE_MAX })
    .autoPagingToArray({ limit: METERS_MAX })

/** @returns the active meter that counts events of a name */
export const findMeter = async (
  stripe: Stripe,
  eventName: string,
): Promise<Stripe.Billing.Meter | undefined> =>
  (await activeMeters(stripe)).find(({ event_name: name }) => name === eventName)
