import type { TelemetryConfig } from './config.ts'
import type { Telemetry } from './telemetry.ts'

/** Loads OpenTelemetry only where it is configured. Without a config none of its modules is in the process. */
export async function startTelemetry(
  config: TelemetryConfig | undefined,
): Promise<Telemetry | undefined> {
  if (config === undefined) return undefined
  const { createTelemetry } = await import('./opentelemetry.ts')
  return createTelemetry(config)
}
