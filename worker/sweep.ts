import type { Logger } from '../adapters/telemetry/logger.ts'
import { createWake, type Wake } from './wake.ts'

/** What a crash left undone is found this soon; a round is a cheap query or two when there is nothing to do. */
const INTERVAL_MS = 2_000

export type Sweep = { readonly name: string; readonly run: () => Promise<number> }

/** How often it is looked, and what makes it look sooner. */
type Pace = { readonly intervalMs: number; readonly wake: Wake }

/**
 * Runs a sweep again and again until `signal` aborts. A round that fails is logged and the next one tries again. Each has a
 * line of its own: what Stripe, a mail server or an application is slow with holds up nothing else.
 */
export async function sweepUntil(
  signal: AbortSignal,
  { name, run }: Sweep,
  logger: Logger,
  { intervalMs, wake }: Pace = { intervalMs: INTERVAL_MS, wake: createWake() },
): Promise<void> {
  while (!signal.aborted) {
    try {
      const count = await run()
      if (count > 0) logger.debug({ sweep: name, count }, 'swept')
    } catch (error) {
      logger.warn({ err: error, sweep: name }, 'a sweep failed')
    }
    await wake.wait(intervalMs, signal)
  }
}
