import type { CancellationTime } from './commands.ts'
import { ended, type InPeriod, type Subscription } from './subscription.ts'

/** Ends a free subscription at `when`, or schedules that. A pending change is withdrawn. */
export function withCancellation(before: InPeriod, when: CancellationTime, at: Date): Subscription {
  const end = when === 'period_end' ? before.period.end : when
  return end === 'now'
    ? ended(before, 'canceled', at)
    : { ...before, cancelAt: end, pendingChange: null }
}
