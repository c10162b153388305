import { meterEventIdentifier } from '../domain/keys.ts'
import { subscriptionId } from '../domain/ids.ts'
import { formatMoney } from '../domain/money.ts'
import type { PlanRepository } from '../domain/catalogue/plan-repository.ts'
import type { PlanVersion } from '../domain/catalogue/plan.ts'
import type { DriftRepository } from '../domain/stripe/drift.ts'
import type { Subscription } from '../domain/subscription/subscription.ts'
import type { SubscriptionRepository } from '../domain/subscription/repository.ts'
import type { OverageReport, OverageReportRepository } from '../domain/usage/overage-report.ts'
import { rateUsage } from '../domain/usage/rate-usage.ts'

/** The parts that usage without an invoice needs. */
export type UnbilledParts = {
  readonly environment: string
  readonly overageReports: Pick<OverageReportRepository, 'giveUp'>
  readonly subscriptions: Pick<SubscriptionRepository, 'find' | 'findLive'>
  readonly plans: Pick<PlanRepository, 'getVersion'>
  readonly drift: Pick<DriftRepository, 'note'>
}

/**
 * How long Stripe adds usage to the invoice of a period that has ended: until the invoice is finalized.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage
 */
const INVOICE_OPEN_MS = 3_600_000

/** Whether the invoice of a report's period is final, so that Stripe would count the report and never charge it. */
export async function isInvoiced(
  parts: Pick<UnbilledParts, 'subscriptions'>,
  report: OverageReport,
  at: Date,
): Promise<boolean> {
  const { occurredAt } = report
  if (at.getTime() - occurredAt.getTime() <= INVOICE_OPEN_MS) return false
  const subscription = await subscriptionOf(parts, report)
  if (subscription === undefined || subscription.stripeSubscriptionId === null) return false
  const { endedAt, period } = subscription
  const boundary = endedAt ?? period?.start ?? occurredAt
  return occurredAt < boundary && at.getTime() - boundary.getTime() > INVOICE_OPEN_MS
}

/** The subscription that pays for a report: the customer's live one of the product line, which may have replaced the counted one. */
async function subscriptionOf(
  { subscriptions }: Pick<UnbilledParts, 'subscriptions'>,
  { subscriptionId: id }: OverageReport,
): Promise<Subscription | undefined> {
  const counted = await subscriptions.find(subscriptionId(id))
  if (counted === undefined) return undefined
  return (await subscriptions.findLive(counted.userId, counted.productLine)) ?? counted
}

/** Stops sending a report, and asks an operator to charge or credit it by hand. Running it twice leaves one finding. */
export async function leaveToOperator(
  parts: UnbilledParts,
  report: OverageReport,
  { reason, at }: { readonly reason: string; readonly at: Date },
): Promise<void> {
  const stripeId = meterEventIdentifier(parts.environment, report)
  const subscription = await subscriptionOf(parts, report)
  const plan = subscription && (await parts.plans.getVersion(subscription.planVersionId))
  const detail = `${report.amount} × ${report.eventName} of ${report.occurredAt.toISOString()}: ${reason}${proposalOf(report, plan)}`
  await parts.drift.note(
    { kind: 'usage_not_billed', subscriptionId: report.subscriptionId, stripeId, detail },
    at,
  )
  await parts.overageReports.giveUp(report, reason)
}

/** The amount at the usage price of the customer's plan, by itself; empty without such a price. */
function proposalOf({ featureId, amount }: OverageReport, plan: PlanVersion | undefined): string {
  const price = plan?.features.find((each) => each.featureId === featureId)?.usagePrice ?? null
  if (plan === undefined || price === null) return ''
  const { totalMinor } = rateUsage(price, Math.abs(amount))
  const money = formatMoney({ amountMinor: totalMinor, currency: plan.price.currency }, 'en')
  return `; by itself it costs ${money}: ${amount > 0 ? 'charge' : 'credit'} it by hand`
}
