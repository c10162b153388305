import { z } from 'zod'
import type { TelemetryConfig } from '../adapters/telemetry/config.ts'

/** Often enough to notice an incident early. Each export is a few kilobytes. */
const METRIC_INTERVAL_MS = 60_000

const headers = z
  .string()
  .default('')
  .transform((text) => text.split(',').filter((pair) => pair.trim() !== ''))
  .refine(
    (pairs) => pairs.every((pair) => /^[^=]+=.+$/.test(pair)),
    '`name=value`, separated by commas',
  )
  .transform((pairs) =>
    Object.fromEntries(
      pairs.map((pair) => {
        const at = pair.indexOf('=')
        return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]
      }),
    ),
  )

/**
 * The variables of telemetry, named as OpenTelemetry names them. Without an endpoint telemetry is off.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export const telemetryEnvironment = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional().pipe(headers),
  OTEL_SERVICE_NAME: z.string().min(1).max(100).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_METRIC_EXPORT_INTERVAL: z.coerce
    .number()
    .int()
    .min(100)
    .max(3_600_000)
    .default(METRIC_INTERVAL_MS),
}

type TelemetryEnvironment = z.infer<z.ZodObject<typeof telemetryEnvironment>>

/** @returns undefined where telemetry is off */
export const telemetryConfig = (
  name: string,
  environment: TelemetryEnvironment & { readonly PERENNIAL_ENV: string },
): TelemetryConfig | undefined =>
  environment.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
    ? undefined
    : {
        endpoint: environment.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, ''),
        headers: environment.OTEL_EXPORTER_OTLP_HEADERS,
        serviceName: environment.OTEL_SERVICE_NAME ?? `perennial-${name}`,
        environment: environment.PERENNIAL_ENV,
        sampleRatio: environment.OTEL_TRACES_SAMPLER_ARG,
        metricIntervalMs: environment.OTEL_METRIC_EXPORT_INTERVAL,
      }
