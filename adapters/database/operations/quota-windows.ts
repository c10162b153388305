import type { QuotaWindow } from '../../../domain/usage/quota-window.ts'
import type { Operations } from './port.ts'

/** Whose windows, by which plan, and for what happens (or happened) when. */
type Opening = {
  readonly subscriptionId: string
  /** Windows of a plan that is no longer the subscription's do not open. */
  readonly planVersionId: string
  readonly now: Date
  readonly at: Date
}

/**
 * Opens the windows that hold `at`. One that is open stays open to its own end, also when the boundaries moved in between
 * (a change from monthly to yearly), and the next one begins no sooner than it ended: moving boundaries is no way to a
 * fresh quota. What rolls over does so here. See `open_usage_windows`. Running it twice changes nothing.
 */
export async function openQuotaWindows(
  operations: Operations,
  { subscriptionId, planVersionId, now, at }: Opening,
  windows: readonly QuotaWindow[],
): Promise<void> {
  if (windows.length === 0) return
  await operations.run('open_usage_windows', {
    p_now: now,
    p_at: at,
    p_subscription: subscriptionId,
    p_plan_version: planVersionId,
    p_features: windows.map(({ featureId }) => featureId),
    p_starts: windows.map(({ start }) => start),
    p_ends: windows.map(({ end }) => end),
    p_limits: windows.map(({ quotaLimit }) => quotaLimit),
    p_rollovers: windows.map(({ rolloverMax }) => rolloverMax),
  })
}
