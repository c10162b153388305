import type Stripe from 'stripe'
import { isInvoiced, leaveToOperator, type UnbilledParts } from './unbilled-usage.ts'
import { meterEventIdentifier } from '../domain/keys.ts'
import type { OverageReport, OverageReportRepository } from '../domain/usage/overage-report.ts'
import { keyed } from '../adapters/stripe/commands/context.ts'
import { classifyStripeError } from '../adapters/stripe/sdk/errors.ts'
import { toStripeTime } from '../adapters/stripe/sdk/time.ts'
import { messageOf } from '../adapters/telemetry/error-message.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000
/**
 * Stripe counts a meter event with the same identifier once, for at least 24 hours. Later a repeat would count twice.
 * @see https://docs.stripe.com/api/billing/meter-event/create
 */
const SEND_AGAIN_MAX_MS = 23 * HOUR_MS
/** Stripe refuses events that are older than 35 days. */
const AGE_MAX_MS = 35 * 24 * HOUR_MS
/** Reports per round. */
const BATCH_MAX = 100
/** Longer than a request may take (see `client.ts`), so no other process sends the same report meanwhile. */
const LEASE_MS = 30_000
/** The wait after a failure: 2, 4, 8 … seconds, up to ten minutes. */
const BACKOFF_MS = 2_000
const BACKOFF_MAX_MS = 10 * 60_000

/** The parts that reporting overage to Stripe uses. */
export type OverageReportParts = UnbilledParts & {
  readonly stripe: Stripe
  readonly overageReports: OverageReportRepository
  readonly logger: Logger
}

/**
 * Reports billed overage to Stripe's meters. If the outcome of a request is unknown, the report is sent again under the same
 * identifier while Stripe remembers it. After that an operator must decide, because another attempt might charge twice.
 *
 * @returns the number of claimed reports
 * @see https://docs.stripe.com/billing/subscriptions/usage-based
 */
export async function reportOverage(parts: OverageReportParts, at: Date): Promise<number> {
  const { overageReports } = parts
  await overageReports.cut(at, BATCH_MAX)
  const reports = await overageReports.claimDue(at, BATCH_MAX, LEASE_MS)
  for (const report of reports) await send(parts, report, at)
  return reports.length
}

/**
 * Reports all billed overage of one user, so that it is on the invoice of a subscription that ends now. A report that fails is
 * sent later, and does not hold up the end. Running it twice finds nothing left.
 */
export async function flushOverage(
  parts: OverageReportParts,
  userId: string,
  at: Date,
): Promise<void> {
  const { overageReports } = parts
  // Stripe invoices the usage before the second in which the subscription ends.
  await overageReports.cutOfUser(userId, new Date(at.getTime() - SECOND_MS), BATCH_MAX)
  const reports = await overageReports.claimOfUser(userId, at, BATCH_MAX, LEASE_MS)
  for (const report of reports) await send(parts, report, at)
}

async function send(parts: OverageReportParts, report: OverageReport, at: Date): Promise<void> {
  const { stripe, environment, overageReports, logger } = parts
  const { stripeCustomerId, occurredAt } = report
  const later = new Date(
    at.getTime() + Math.min(BACKOFF_MS * 2 ** Math.min(report.attempts, 20), BACKOFF_MAX_MS),
  )
  const reason = await reasonToStop(parts, report, at)
  if (reason !== undefined) return leaveToOperator(parts, report, { reason, at })
  if (stripeCustomerId === null)
    return overageReports.postpone(report, 'the customer has no id at Stripe yet', later)
  const identifier = meterEventIdentifier(environment, report)
  try {
    await stripe.billing.meterEvents.create(
      {
        event_name: report.eventName,
        identifier,
        timestamp: toStripeTime(occurredAt),
        payload: { stripe_customer_id: stripeCustomerId, value: String(report.amount) },
      },
      keyed(
        { environment },
        // Stripe saves failures under a key, so each attempt has its own. The identifier prevents counting twice.
        { subject: identifier, command: 'report-overage', generation: report.attempts },
      ),
    )
    return await overageReports.markReported(report, at)
  } catch (error) {
    if (classifyStripeError(error) === undefined) throw error
    logger.warn({ err: error, identifier, attempt: report.attempts }, 'overage was not reported')
    return overageReports.postpone(report, messageOf(error), later)
  }
}

/** Why a report is not sent any more; undefined while it is. */
async function reasonToStop(
  parts: OverageReportParts,
  report: OverageReport,
  at: Date,
): Promise<string | undefined> {
  const { firstAttemptAt, occurredAt } = report
  if (at.getTime() - occurredAt.getTime() > AGE_MAX_MS)
    return 'Stripe refuses usage that is older than 35 days'
  if (firstAttemptAt !== null)
    return at.getTime() - firstAttemptAt.getTime() > SEND_AGAIN_MAX_MS
      ? 'it was sent for 23 hours without a response: check the meter before you send it again'
      : undefined
  return (await isInvoiced(parts, report, at))
    ? 'it was reported after the invoice of its period was final'
    : undefined
}
