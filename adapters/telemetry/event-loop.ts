import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Telemetry } from './telemetry.ts'

/** The interval between samples. */
const RESOLUTION_MS = 20
const QUANTILES = [0.5, 0.99] as const

/** Registers a gauge of how late timers fire. */
export function watchEventLoop(telemetry: Telemetry): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  telemetry.watch('perennial.event_loop.delay', () => {
    // A sample measures the whole interval. The part beyond the resolution is the delay.
    const delayAt = (quantile: number) =>
      Math.max(0, delays.percentile(quantile * 100) / 1e9 - RESOLUTION_MS / 1e3)
    const read = QUANTILES.map(
      (quantile) => [delayAt(quantile), { 'perennial.quantile': String(quantile) }] as const,
    )
    delays.reset()
    return Promise.resolve(read)
  })
}
