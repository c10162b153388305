import { DAY } from './billing/calendar.ts'

/** What the owner of a Stripe account chooses in its dashboard, and where the simulator is reached. */
export type Settings = {
  readonly url: string
  /** Seconds between the attempts to collect an invoice, from the first one on. */
  readonly retryAfter: readonly number[]
  /** What becomes of a subscription whose invoice could not be collected by the last attempt. */
  readonly afterLastAttempt: 'cancel' | 'unpaid' | 'past_due'
}

/** Four attempts within two weeks, as Smart Retries are set by default. */
export const RETRY_AFTER: readonly number[] = [3 * DAY, 5 * DAY, 6 * DAY]
