/** Where and how a process exports its telemetry. */
export type TelemetryConfig = {
  /** The base of an OTLP receiver over HTTP, such as `http://localhost:4318`. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
  /** `development`, `test` or `production`. */
  readonly environment: string
  /** The share of requests that is traced, 0 to 1. */
  readonly sampleRatio: number
  readonly metricIntervalMs: number
}
