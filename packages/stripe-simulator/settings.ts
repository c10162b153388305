import { DAY } from './billing/calendar.ts'

/** The settings of a Stripe account's dashboard, and the address of the simulator. */
export type Settings = {
  readonly url: string
  /** Seconds between collection attempts of an invoice, starting after the first attempt. */
  readonly retryAfter: readonly number[]
  /** The subscription's status after the last collection attempt fails. */
  readonly afterLastAttempt: 'cancel' | 'unpaid' | 'past_due'
  /** The status of a subscription while its first payment is processed: Stripe's guides name both. */
  readonly whileProcessing: 'active' | 'incomplete'
}

/** Four attempts within two weeks: the default of Smart Retries. */
export const RETRY_AFTER: readonly number[] = [3 * DAY, 5 * DAY, 6 * DAY]
