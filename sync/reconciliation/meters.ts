import type Stripe from 'stripe'
import { intervalAt } from '../../domain/calendar.ts'
import { spanOf } from '../../domain/catalogue/period.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Repositories } from '../../domain/repositories.ts'
import { formatMoney } from '../../domain/money.ts'
import type { Drift } from '../../domain/stripe/drift.ts'
import type { MeteredCounter } from '../../domain/usage/overage-report.ts'
import { rateUsage } from '../../domain/usage/rate-usage.ts'
import { activeMeters } from '../../adapters/stripe/reading/meters.ts'
import { toStripeTime } from '../../adapters/stripe/sdk/time.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/**
 * Stripe adds meter events up with a delay, usually of minutes. Reports of the last hours are left to the next comparison: a report
 * that is sent again because Stripe is slow would charge twice.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api
 */
const AGGREGATED_MS = 6 * HOUR_MS
/** Stripe refuses events that are older than 35 days, so older reports concern the open period alone. */
const REPORTED_MS = 35 * 24 * HOUR_MS

/** A billing period of a counter, or the part of it before or after a change of plan. */
type Span = {
  /** Names the span in a finding. */
  readonly start: Date
  readonly from: Date
  readonly until: Date
  /** Whether the invoice of the span is final. */
  readonly isInvoiced: boolean
}

/** A counter whose meter at Stripe differs. */
type Difference = {
  readonly counter: MeteredCounter
  readonly span: Span
  readonly reported: number
  readonly counted: number
}

/** The parts that comparing meters uses. */
export type MeterParts = {
  readonly stripe: Pick<Stripe, 'billing'>
  readonly repositories: Pick<Repositories, 'plans' | 'drift' | 'overageReports'>
}

/**
 * Compares what was reported to Stripe's meters for these customers with what the meters count, in the open period and in the one
 * before. Both are added up over the same whole minutes, as Stripe requires, so a report at a boundary is in both or in none.
 *
 * @see https://docs.stripe.com/api/billing/meter-event-summary/list
 */
export async function compareMeters(
  parts: MeterParts,
  customers: readonly string[],
  at: Date,
): Promise<Drift[]> {
  const drifts: Drift[] = []
  for (const difference of await differencesOf(parts, customers, at)) {
    const plan = await parts.repositories.plans.getVersion(difference.counter.planVersionId)
    drifts.push(driftOf(difference, plan))
  }
  return drifts
}

/**
 * Sends again what a meter has lost in the open period, named by a finding: a period whose invoice is final is left to an operator.
 * Running it twice sends it once.
 */
export async function reportLostUsage(
  parts: MeterParts,
  stripeId: string,
  at: Date,
): Promise<'done' | 'not_known'> {
  const [customer = ''] = stripeId.split('/')
  const found = (await differencesOf(parts, [customer], at)).find(
    (each) => nameOf(each) === stripeId && !each.span.isInvoiced && each.counted < each.reported,
  )
  if (found === undefined) return 'not_known'
  const { counter, span, reported, counted } = found
  const lost = { reported, missing: reported - counted }
  await parts.repositories.overageReports.reportAgain({ ...counter, ...span }, lost, at)
  return 'done'
}

async function differencesOf(
  { stripe, repositories }: MeterParts,
  customers: readonly string[],
  at: Date,
): Promise<Difference[]> {
  const { overageReports, plans, drift } = repositories
  const counters = await overageReports.listCounters(
    customers,
    new Date(at.getTime() - REPORTED_MS),
  )
  if (counters.length === 0) return []
  const meters = await activeMeters(stripe)
  const differences: Difference[] = []
  for (const counter of counters) {
    const meter = meters.find(({ event_name: name }) => name === counter.eventName)
    const plan = await plans.getVersion(counter.planVersionId)
    for (const span of meter === undefined ? [] : spansOf(counter, plan, at)) {
      const sentBefore = new Date(at.getTime() - AGGREGATED_MS)
      const { reported, unconfirmed, isSettled } = await overageReports.sum(
        { ...counter, ...span },
        sentBefore,
      )
      if (!isSettled) continue
      const counted = await countedBy(stripe, meter?.id ?? '', counter, span)
      const difference = { counter, span, reported, counted }
      // A report without a confirmation may have arrived.
      if (counted === reported || counted === reported + unconfirmed)
        await drift.settle(nameOf(difference), at)
      else differences.push(difference)
    }
  }
  return differences
}

/** The open period and the one before it, as far as all their reports are added up. */
function spansOf(counter: MeteredCounter, { period }: PlanVersion, at: Date): Span[] {
  const { periodStart, opensAt, endedAt, anchor } = counter
  const latest = new Date(at.getTime() - AGGREGATED_MS)
  const before =
    opensAt > periodStart
      ? periodStart
      : intervalAt(anchor, spanOf(period), new Date(opensAt.getTime() - 1)).start
  const last = { start: opensAt, from: minuteOf(opensAt), isInvoiced: endedAt !== null }
  const spans = [
    { start: before, from: minuteOf(before), until: minuteOf(opensAt), isInvoiced: true },
    // The last reports are dated a second before the end.
    {
      ...last,
      until: minuteOf(endedAt === null ? latest : new Date(endedAt.getTime() + MINUTE_MS)),
    },
  ]
  return spans.filter(({ from, until }) => from < until && until <= latest)
}

async function countedBy(
  { billing }: Pick<Stripe, 'billing'>,
  meter: string,
  { stripeCustomerId: customer }: MeteredCounter,
  { from, until }: Span,
): Promise<number> {
  const { data } = await billing.meters.listEventSummaries(meter, {
    customer,
    start_time: toStripeTime(from),
    end_time: toStripeTime(until),
  })
  return data.reduce((sum, { aggregated_value: value }) => sum + value, 0)
}

/** The same difference has the same name each night. */
const nameOf = ({ counter: { stripeCustomerId, code }, span: { start } }: Difference): string =>
  `${stripeCustomerId}/${code}/${start.toISOString()}`

function driftOf(difference: Difference, plan: PlanVersion): Drift {
  const { counter, span, reported, counted } = difference
  const isLow = counted < reported
  const words = `the meter ${counter.eventName} counts ${Math.abs(reported - counted)} ${isLow ? 'less' : 'more'} than was reported since ${span.start.toISOString()}`
  return {
    kind: !isLow ? 'meter_too_high' : span.isInvoiced ? 'usage_not_billed' : 'meter_too_low',
    subscriptionId: counter.subscriptionId,
    stripeId: nameOf(difference),
    detail: span.isInvoiced ? `${words}${proposalOf(difference, plan)}` : words,
  }
}

/** The amount by which the invoice is wrong, tier by tier; empty without a usage price. */
function proposalOf({ counter, reported, counted }: Difference, plan: PlanVersion): string {
  const price =
    plan.features.find(({ featureId }) => featureId === counter.featureId)?.usagePrice ?? null
  if (price === null) return ''
  const amountMinor =
    rateUsage(price, Math.max(reported, 0)).totalMinor -
    rateUsage(price, Math.max(counted, 0)).totalMinor
  const money = formatMoney(
    { amountMinor: Math.abs(amountMinor), currency: plan.price.currency },
    'en',
  )
  return `; the invoice is ${money} too ${amountMinor < 0 ? 'high: credit' : 'low: charge'} it by hand`
}

/** Stripe adds up whole minutes. */
const minuteOf = (instant: Date): Date =>
  new Date(Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS)
