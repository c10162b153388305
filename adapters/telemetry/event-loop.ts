import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Telemetry } from './telemetry.ts'

/** How often the delay is looked at. */
const RESOLUTION_MS = 20
const QUANTILES = [0.5, 0.99] as const

/** Says by how much timers come late. */
export function watchEventLoop(telemetry: Telemetry): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  telemetry.watch('perennial.event_loop.delay', () => {
    // Each look comes after its own distance; what is beyond that is delay.
    const delayAt = (quantile: number) =>
      Math.max(0, delays.percentile(quantile * 100) / 1e9 - RESOLUTION_MS / 1e3)
    const read = QUANTILES.map(
      (quantile) => [delayAt(quantile), { 'perennial.quantile': String(quantile) }] as const,
    )
    delays.reset()
    return Promise.resolve(read)
  })
}
