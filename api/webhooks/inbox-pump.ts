import type { Logger } from '../../adapters/logger.ts'

/** A burst is taken in rounds; what is left after these is the worker's sweep's. */
const ROUNDS_MAX = 20

/**
 * Forwards what is in the inbox after Stripe got its answer. While a round runs, new events wait for the next one, so a
 * burst becomes few facts. Whatever fails stays in the inbox, where the worker's sweep finds it.
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
        logger.warn({ err: error }, 'events wait in the inbox')
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
