import type { Telemetry } from './telemetry.ts'

export type TelemetryConfig = {
  /** The base of an OTLP receiver over HTTP, such as `http://localhost:4318`. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
  /** `development`, `test` or `production`. */
  readonly environment: string
  /** The share of requests that is traced. */
  readonly sampleRatio: number
  readonly metricIntervalMs: number
}

/** Loads OpenTelemetry where somebody wants it; nothing of it is in the process otherwise. */
export async function startTelemetry(
  config: TelemetryConfig | undefined,
): Promise<Telemetry | undefined> {
  if (config === undefined) return undefined
  const { createTelemetry } = await import('./opentelemetry.ts')
  return createTelemetry(config)
}
