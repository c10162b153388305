import type Stripe from 'stripe'
import { meterEventIdentifier, stripeKey } from '../domain/keys.ts'
import type { OverageReport, OverageReportRepository } from '../domain/usage/overage-report.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'
import { classifyStripeError } from '../adapters/stripe/sdk/errors.ts'

const HOUR_MS = 3_600_000
/** Stripe knows an identifier for 24 hours: until then sending again counts nothing twice, afterwards it would. */
const SEND_AGAIN_MAX_MS = 23 * HOUR_MS
/** Stripe takes no event that is older than 35 days. */
const AGE_MAX_MS = 35 * 24 * HOUR_MS
/** One round takes this many. */
const BATCH_MAX = 100
/** Longer than Stripe's slowest answer (see `client.ts`): meanwhile no other process sends the same report. */
const LEASE_MS = 30_000
/** 2, 4, 8 … seconds, up to ten minutes. */
const BACKOFF_MS = 2_000
const BACKOFF_MAX_MS = 10 * 60_000

export type OverageReporting = {
  readonly stripe: Stripe
  readonly environment: string
  readonly overageReports: OverageReportRepository
  readonly logger: Logger
}

/**
 * Reports billed overage to Stripe's meters and answers how many reports were sent. A report that Stripe may have taken,
 * although nobody heard, is sent again under the same identifier while Stripe remembers it, and then left to an operator:
 * money is never counted twice to be sure that it is counted once.
 */
export async function reportOverage(reporting: OverageReporting, at: Date): Promise<number> {
  const { overageReports } = reporting
  await overageReports.cut(at, BATCH_MAX)
  const reports = await overageReports.claimDue(at, BATCH_MAX, LEASE_MS)
  for (const report of reports) await send(reporting, report, at)
  return reports.length
}

async function send(reporting: OverageReporting, report: OverageReport, at: Date): Promise<void> {
  const { stripe, environment, overageReports, logger } = reporting
  const { stripeCustomerId, firstAttemptAt, occurredAt } = report
  const later = new Date(
    at.getTime() + Math.min(BACKOFF_MS * 2 ** Math.min(report.attempts, 20), BACKOFF_MAX_MS),
  )
  if (at.getTime() - occurredAt.getTime() > AGE_MAX_MS)
    return overageReports.giveUp(report, 'Stripe takes no usage that is older than 35 days')
  if (firstAttemptAt !== null && at.getTime() - firstAttemptAt.getTime() > SEND_AGAIN_MAX_MS)
    return overageReports.giveUp(
      report,
      'it was sent for 23 hours without an answer: look at the meter before it is sent again',
    )
  if (stripeCustomerId === null)
    return overageReports.postpone(report, 'the customer is not known at Stripe', later)
  const identifier = meterEventIdentifier(environment, report)
  try {
    await stripe.billing.meterEvents.create(
      {
        event_name: report.eventName,
        identifier,
        timestamp: Math.floor(occurredAt.getTime() / 1_000),
        payload: { stripe_customer_id: stripeCustomerId, value: String(report.amount) },
      },
      {
        idempotencyKey: stripeKey({
          environment,
          subject: identifier,
          command: 'report-overage',
          // Stripe keeps a refusal of its own under the key: the next attempt is a new question, under the same identifier.
          generation: report.attempts,
        }),
      },
    )
    return await overageReports.markReported(report, at)
  } catch (error) {
    if (classifyStripeError(error) === undefined) throw error
    const message = error instanceof Error ? error.message : String(error)
    logger.warn({ err: error, identifier, attempt: report.attempts }, 'overage was not reported')
    return overageReports.postpone(report, message, later)
  }
}
