import { inboxQueueOf } from '../../domain/stripe/event.ts'
import type { Logger } from '../../adapters/telemetry/logger.ts'

/** A burst is taken in rounds; what is left after these is the worker's sweep's. */
const ROUNDS_MAX = 20
/** The events of one change at Stripe come within this time: waiting for them makes one fact of them all. */
export const GATHER_MS = 50

export type InboxPump = {
  /** @param urgent somebody waits in front of a page: nothing is waited for. */
  readonly changed: (urgent?: boolean) => void
  /** Resolves when nothing is being taken up any more. */
  readonly idle: () => Promise<void>
}

/**
 * Takes up what is in an inbox (Stripe's events, thresholds that usage reached) after the caller got its answer. Before
 * each round, and while one runs, facts gather for it, so a burst becomes few. Whatever fails stays in the inbox, where
 * the worker's sweep finds it.
 */
export function createInboxPump(takeUp: () => Promise<number>, logger: Logger): InboxPump {
  let running: Promise<void> | undefined
  let again = false
  let isUrgent = false
  /** Ends the gathering that is under way, if one is. */
  let endGathering: (() => void) | undefined

  const gather = () =>
    new Promise<void>((resolve) => {
      if (isUrgent) return resolve()
      const timer = setTimeout(resolve, GATHER_MS)
      endGathering = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  async function pump() {
    for (let round = 0; round < ROUNDS_MAX && again; round++) {
      await gather()
      again = false
      isUrgent = false
      endGathering = undefined
      try {
        await takeUp()
      } catch (error) {
        logger.warn({ err: error }, 'facts wait in their inbox')
      }
    }
    running = undefined
  }

  return {
    changed: (urgent = false) => {
      again = true
      isUrgent ||= urgent
      if (urgent) endGathering?.()
      running ??= pump()
    },
    idle: async () => {
      await running
    },
  }
}

/** One pump for what changes subscriptions, one for bills, which nobody has to wait for, and one for thresholds. */
export function createInboxPumps(
  queues: {
    readonly forwardStripeEvents: (at: Date) => Promise<number>
    readonly mirrorInvoiceEvents: (at: Date) => Promise<number>
    readonly forwardUsageAlerts: (at: Date) => Promise<number>
    readonly logger: Logger
  },
  now: () => Date,
) {
  const facts = createInboxPump(() => queues.forwardStripeEvents(now()), queues.logger)
  const bills = createInboxPump(() => queues.mirrorInvoiceEvents(now()), queues.logger)
  const alerts = createInboxPump(() => queues.forwardUsageAlerts(now()), queues.logger)
  return {
    alerted: () => alerts.changed(),
    changed: (type: string) => {
      // What is of neither kind is parked by the facts' lane, without haste.
      if (inboxQueueOf(type) === 'facts') facts.changed(type.startsWith('checkout.session.'))
      else bills.changed()
    },
    idle: async () => {
      await facts.idle()
      await bills.idle()
      await alerts.idle()
    },
  }
}
