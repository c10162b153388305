import type { Counter, Histogram, Meter } from '@opentelemetry/api'
import { METRICS, type Metric } from './metrics.ts'
import type { Telemetry } from './telemetry.ts'

type Meters = Pick<Telemetry, 'count' | 'measure' | 'watch'>

/** Creates every counter and histogram of `METRICS`, and each gauge when its reader is registered. */
export function createMeters(meter: Meter, reportError: (error: unknown) => void): Meters {
  const counters = new Map<string, Counter>()
  const histograms = new Map<string, Histogram>()
  for (const [name, metric] of Object.entries(METRICS)) {
    if (metric.kind === 'counter') counters.set(name, meter.createCounter(name, optionsOf(metric)))
    if (metric.kind === 'histogram')
      histograms.set(name, meter.createHistogram(name, optionsOf(metric)))
  }
  return {
    count: (name, attributes, howMany = 1) => counters.get(name)?.add(howMany, attributes),

    measure: (name, value, attributes) => histograms.get(name)?.record(value, attributes),

    watch(name, read) {
      meter.createObservableGauge(name, optionsOf(METRICS[name])).addCallback(async (result) => {
        try {
          for (const [value, attributes] of await read()) result.observe(value, attributes)
        } catch (error) {
          reportError(error)
        }
      })
    },
  }
}

const optionsOf = ({ unit, description, bounds }: Metric) => ({
  unit,
  description,
  ...(bounds && { advice: { explicitBucketBoundaries: [...bounds] } }),
})
