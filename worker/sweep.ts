import type { Logger } from '../adapters/telemetry/logger.ts'
import { createWake, type Wake } from './wake.ts'

/** The delay until work left by a crash is found; an idle round costs one or two cheap queries. */
const INTERVAL_MS = 2_000

/** Work that is repeated: `run` does one round and returns how much it did. */
export type Sweep = { readonly name: string; readonly run: () => Promise<number> }

/** The interval between rounds, and the signal that starts a round early. */
type Pace = { readonly intervalMs: number; readonly wake: Wake }

/**
 * Repeats a sweep until `signal` aborts. A failed round is logged and the next one retries. Each sweep has its
 * own loop, so that a slow Stripe, mail server or application delays no other sweep.
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
