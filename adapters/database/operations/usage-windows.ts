import { subscriptionId } from '../../../domain/ids.ts'
import { quotaWindowsAt } from '../../../domain/usage/quota-window.ts'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import type { CustomerRepository } from '../../../domain/customer/repository.ts'
import type { SubscriptionRepository } from '../../../domain/subscription/repository.ts'
import type { Operations } from './port.ts'
import { openQuotaWindows } from './quota-windows.ts'
import { quotaCalendarOf } from './usage-standing.ts'

/** When a month begins for many, a batch needs many windows: so many are opened side by side, well within a pool. */
const OPENED_AT_ONCE = 6

export type UsageReads = {
  readonly plans: PlanRepository
  readonly customers: CustomerRepository
  readonly subscriptions: SubscriptionRepository
}

export type OpenWindows = (id: string, now: Date, at: Date) => Promise<boolean>

/**
 * Opens the windows of a subscription that hold `at`. A workflow that is late does not hold up usage: whoever needs a
 * window first opens it. Twice opens it once. False when the subscription had not begun then.
 */
export const windowOpener =
  (operations: Operations, reads: UsageReads): OpenWindows =>
  async (id, now, at) => {
    const subscription = await reads.subscriptions.find(subscriptionId(id))
    if (subscription === undefined || at < subscription.createdAt) return false
    const calendar = await quotaCalendarOf(reads.customers, subscription)
    if (calendar === null) return false
    const plan = await reads.plans.getVersion(subscription.planVersionId)
    const { planVersionId } = subscription
    const opening = { subscriptionId: id, planVersionId, now, at }
    await openQuotaWindows(operations, opening, quotaWindowsAt(plan, calendar, at))
    return true
  }

/** A window that is needed: whose, and for what instant. */
type Needed = { readonly id: string; readonly at: Date }

export const windowName = ({ id, at }: Needed) => `${id}/${at.getTime()}`

/** Opens each of these windows once. @returns the names of those that are there now. */
export async function openEach(
  open: OpenWindows,
  needed: readonly Needed[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const left = [...new Map(needed.map((each) => [windowName(each), each]))]
  const there = new Set<string>()
  const opener = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [name, { id, at }] = next
      if (await open(id, now, at)) there.add(name)
    }
  }
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, opener))
  return there
}
