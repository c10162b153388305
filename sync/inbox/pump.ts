import { inboxQueueOf } from '../../domain/stripe/event.ts'
import type { Logger } from '../../adapters/telemetry/logger.ts'

/** Rounds without a pause. The worker's sweep processes what is left. */
const ROUNDS_MAX = 20
/**
 * Rounds at once. Each claims rows for itself alone, so an event that arrives during a long round, of a flood or of imports that
 * wait for Stripe, is in another one. The worker's pool has room for the statements of three.
 */
const TOGETHER_MAX = 3
/** The events of one change at Stripe arrive within this time. Waiting for all of them saves signals. */
export const GATHER_MS = 50

/** Starts rounds of the inbox. */
export type InboxPump = {
  /** @param urgent skips the wait, because a customer is waiting at a page */
  readonly changed: (urgent?: boolean) => void
  /** Resolves when no round is running. */
  readonly idle: () => Promise<void>
}

/**
 * Processes an inbox (Stripe's events, usage alerts) after its caller has got a response. Before each round it waits
 * `GATHER_MS` for more, so a burst becomes few rounds. A failed event stays in the inbox for the worker's sweep.
 *
 * @param processInbox runs one round
 */
export function createInboxPump(processInbox: () => Promise<number>, logger: Logger): InboxPump {
  const running = new Set<Promise<void>>()
  let again = false
  let isUrgent = false
  let isGathering = false
  /** Ends the wait, if one is running. */
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
    for (let round = 0; round < ROUNDS_MAX && again && !isGathering; round++) {
      isGathering = true
      await gather()
      isGathering = false
      again = false
      isUrgent = false
      endGathering = undefined
      try {
        await processInbox()
      } catch (error) {
        logger.warn({ err: error }, 'a round of the inbox failed')
      }
    }
  }

  function start() {
    if (isGathering || running.size >= TOGETHER_MAX) return
    const pumping = pump().finally(() => running.delete(pumping))
    running.add(pumping)
  }

  return {
    changed: (urgent = false) => {
      again = true
      isUrgent ||= urgent
      if (urgent) endGathering?.()
      start()
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

/** One pump each for subscription facts, for invoices, which are never urgent, and for usage alerts. */
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
  const invoices = createInboxPump(() => queues.mirrorInvoiceEvents(now()), queues.logger)
  const alerts = createInboxPump(() => queues.forwardUsageAlerts(now()), queues.logger)
  return {
    alerted: () => alerts.changed(),
    changed: (type: string) => {
      // Events of other types are parked by the facts queue.
      if (inboxQueueOf(type) === 'facts') facts.changed(type.startsWith('checkout.session.'))
      else invoices.changed()
    },
    idle: async () => {
      await facts.idle()
      await invoices.idle()
      await alerts.idle()
    },
  }
}
