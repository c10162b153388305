import { subscriptionId } from '../../../domain/ids.ts'
import {
  quotaWindowsAt,
  type QuotaCalendar,
  type QuotaWindow,
} from '../../../domain/usage/quota-window.ts'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import type { CustomerRepository } from '../../../domain/customer/repository.ts'
import type { SubscriptionRepository } from '../../../domain/subscription/repository.ts'
import { featuresForWindows } from '../../../domain/subscription/addons.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import type { Operations } from './port.ts'

/** At the start of a month a batch may need many windows. This many are opened in parallel, well within a pool. */
const OPENED_AT_ONCE = 6

/** The repositories by which missing windows are found. */
export type UsageReads = {
  readonly plans: PlanRepository
  readonly customers: CustomerRepository
  readonly subscriptions: SubscriptionRepository
}

type Opening = {
  readonly subscriptionId: string
  /** Nothing opens if this is no longer the subscription's version. */
  readonly planVersionId: string
  readonly now: Date
  /** The instant that the windows must hold. */
  readonly at: Date
}

/**
 * Opens windows. A window that is open already stays open to its own end, even if the boundaries moved in between (from
 * monthly to yearly), and the next one starts no sooner than that end: a plan change gives no fresh quota. Unused quota
 * rolls over here. Running it twice changes nothing.
 * @see `migrations/functions/usage/open_usage_windows.sql`
 */
export async function openQuotaWindows(
  operations: Operations,
  opening: Opening,
  windows: readonly QuotaWindow[],
): Promise<void> {
  if (windows.length === 0) return
  await operations.run('open_usage_windows', {
    p_now: opening.now,
    p_at: opening.at,
    p_subscription: opening.subscriptionId,
    p_plan_version: opening.planVersionId,
    p_features: windows.map(({ featureId }) => featureId),
    p_starts: windows.map(({ start }) => start),
    p_ends: windows.map(({ end }) => end),
    p_limits: windows.map(({ quotaLimit }) => quotaLimit),
    p_rollovers: windows.map(({ rolloverMax }) => rolloverMax),
  })
}

/** The calendar by which a subscription's windows open, or null before the subscription starts. */
export async function quotaCalendarOf(
  customers: CustomerRepository,
  { anchor, userId }: Subscription,
): Promise<QuotaCalendar | null> {
  if (anchor === null) return null
  const customer = await customers.find(userId)
  return { anchor, timeZone: customer?.timeZone ?? null }
}

/**
 * Opens the windows of a subscription that hold `at`.
 * @returns false if the subscription had not started then.
 */
export type OpenWindows = (id: string, now: Date, at: Date) => Promise<boolean>

/** The first request that needs a window opens it, so that a late workflow does not hold up usage. */
export const windowOpener =
  (operations: Operations, reads: UsageReads): OpenWindows =>
  async (id, now, at) => {
    const subscription = await reads.subscriptions.find(subscriptionId(id))
    if (subscription === undefined || at < subscription.createdAt) return false
    const calendar = await quotaCalendarOf(reads.customers, subscription)
    if (calendar === null) return false
    const { planVersionId } = subscription
    const base = await reads.plans.getVersion(planVersionId)
    const plan = await featuresForWindows(reads.plans, subscription, base)
    const opening = { subscriptionId: id, planVersionId, now, at }
    await openQuotaWindows(operations, opening, quotaWindowsAt(plan, calendar, at))
    return true
  }

/** The windows that a request needs: those of a subscription that hold an instant. */
export type NeededWindows = { readonly id: string; readonly at: Date }

/** The name by which requests that need the same windows are recognized. */
export const windowsName = ({ id, at }: NeededWindows): string => `${id}/${at.getTime()}`

/**
 * Opens windows, each once.
 * @returns the names (`windowsName`) of those that are open now.
 */
export async function openEach(
  open: OpenWindows,
  needed: readonly NeededWindows[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const waiting = [...new Map(needed.map((each) => [windowsName(each), each]))]
  const opened = new Set<string>()
  const opener = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [name, { id, at }] = next
      if (await open(id, now, at)) opened.add(name)
    }
  }
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, opener))
  return opened
}
