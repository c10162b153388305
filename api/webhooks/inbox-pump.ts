import type { Logger } from '../../adapters/logger.ts'

/** A burst is taken in rounds; what is left after these is the worker's sweep's. */
const ROUNDS_MAX = 20

/**
 * Forwards what is in an inbox (Stripe's events, thresholds that usage reached) after the caller got its answer. While a
 * round runs, what is new waits for the next one, so a burst becomes few facts. Whatever fails stays in the inbox, where
 * the worker's sweep finds it.
 */
export function createInboxPump(forward: () => Promise<number>, logger: Logger) {
  let running: Promise<void> | undefined
  let again = false

  async function pump() {
    for (let round = 0; round < ROUNDS_MAX && again; round++) {
      again = false
      try {
        await forward()
      } catch (error) {
        logger.warn({ err: error }, 'facts wait in their inbox')
      }
    }
    running = undefined
  }

  return {
    changed: () => {
      again = true
      running ??= pump()
    },
    /** Resolves when nothing is being forwarded any more. */
    idle: async () => {
      await running
    },
  }
}
