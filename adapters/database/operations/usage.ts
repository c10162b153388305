import type { UsageRepository } from '../../../domain/usage/repository.ts'
import type { SettlePolicy } from '../../../domain/usage/reservation.ts'
import type { BatchWatch } from './group-commit.ts'
import { withSwitches } from './feature-switches.ts'
import { Json } from './json.ts'
import type { Operations } from './port.ts'
import { checkUsage } from './usage-check.ts'
import { consumeUsage } from './usage-consume.ts'
import { listUsageCounters } from './usage-counters.ts'
import { readUsageHistory } from './usage-history.ts'
import { createReservationRepository } from './usage-reservations.ts'
import { windowOpener, type UsageReads } from './usage-windows.ts'

const LATENESS_MAX_MS = 24 * 3_600_000

/** The rules for usage that no plan sets. */
export type UsageOptions = {
  /** How long after it occurred an event is still counted, in milliseconds; 24 hours if absent. */
  readonly latenessMaxMs?: number | undefined
  /** How reservations are settled above what is left, where the plan does not say; `overflow` if absent. */
  readonly settlePolicy?: SettlePolicy | undefined
  readonly watch?: BatchWatch | undefined
}

/** Usage and its ledger. Each decision is one SQL statement; windows that it misses are opened, and it is repeated. */
export function createUsageRepository(
  operations: Operations,
  reads: UsageReads,
  { latenessMaxMs = LATENESS_MAX_MS, settlePolicy = 'overflow' }: UsageOptions = {},
): UsageRepository {
  const openWindows = windowOpener(operations, reads)
  const reservations = createReservationRepository(operations, openWindows, settlePolicy)
  let onAlert: (() => void) | undefined
  const consuming = { operations, openWindows, onAlert: () => onAlert?.() }
  return {
    consume: (requests, at) => {
      const earliest = new Date(at.getTime() - latenessMaxMs)
      return consumeUsage(consuming, requests, { at, earliest })
    },

    check: (questions, at) => checkUsage({ operations, openWindows }, questions, at),

    hold: reservations.hold,

    async settle(of, at) {
      const outcome = await reservations.settle(of, at)
      if (outcome.kind === 'ended') onAlert?.()
      return outcome
    },

    narrowHeld: ({ subscriptionId, planVersionId, quantity, addons }, at) =>
      operations.value('narrow_held_limits', {
        p_now: at,
        p_subscription: subscriptionId,
        p_plan_version: planVersionId,
        p_quantity: quantity,
        p_addons: new Json(addons),
      }),

    restoreHeld: (subscriptionId, at) =>
      operations.run('restore_held_limits', { p_now: at, p_subscription: subscriptionId }),

    whenAlerted(listener) {
      onAlert = listener
    },

    history: (question, at) => readUsageHistory(operations, question, at),

    list: async (subscription, at) => {
      const ofPlan = await listUsageCounters(operations, reads, subscription, at)
      return withSwitches(operations, ofPlan, { userId: subscription.userId, at })
    },
  }
}
