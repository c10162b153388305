import type { Tracer } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base'
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2'
import type { TelemetryConfig } from './config.ts'
import type { Telemetry } from './telemetry.ts'

type Parts = {
  readonly tracer: Tracer
  readonly processor: SpanProcessor
  readonly resource: Resource
  readonly config: TelemetryConfig
}

/** Tracing and metrics of Temporal's client and worker. The part inside workflows is in `workflows/tracing.ts`. */
export function temporalTelemetry({
  tracer,
  processor,
  resource,
  config,
}: Parts): Telemetry['temporal'] {
  const { endpoint, headers, metricIntervalMs } = config
  return {
    client: { workflow: [new OpenTelemetryWorkflowClientInterceptor({ tracer })] },
    worker: {
      interceptors: {
        activity: [
          (running) => ({
            inbound: new OpenTelemetryActivityInboundInterceptor(running, { tracer }),
            outbound: new OpenTelemetryActivityOutboundInterceptor(running),
          }),
        ],
      },
      sinks: { exporter: makeWorkflowExporter(processor, resource) },
    },
    metrics: {
      otel: {
        url: `${endpoint}/v1/metrics`,
        http: true,
        headers: { ...headers },
        metricsExportInterval: metricIntervalMs,
        useSecondsForDurations: true,
      },
      globalTags: { deployment_environment: config.environment },
    },
  }
}
