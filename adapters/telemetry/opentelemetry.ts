import { randomUUID } from 'node:crypto'
import { context, diag, DiagLogLevel, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import { watchEventLoop } from './event-loop.ts'
import { createMeters } from './meters.ts'
import { showing } from './shown.ts'
import { createSpans } from './spans.ts'
import type { TelemetryConfig } from './start.ts'
import type { Telemetry } from './telemetry.ts'
import { temporalTelemetry } from './temporal.ts'

/** A receiver that takes longer has lost its turn: what is told is worth less than the memory that would keep it. */
const EXPORT_TIMEOUT_MS = 5_000
/** Spans that wait, some two megabytes; of more, new ones are dropped. */
const SPANS_WAITING_MAX = 4_096
const SPANS_PER_EXPORT_MAX = 512
const SPANS_EVERY_MS = 1_000
/** A receiver that is away fails each export; the log need not say so every second. */
const TROUBLE_EVERY_MS = 60_000

const silent = () => undefined

/** Everything that is told, over OTLP. It takes the process's one place for a context manager. */
export function createTelemetry(config: TelemetryConfig): Telemetry {
  const { endpoint, headers } = config
  let listener: ((trouble: string) => void) | undefined
  let silentUntil = -Infinity
  const troubled = (error: unknown) => {
    if (performance.now() < silentUntil) return
    silentUntil = performance.now() + TROUBLE_EVERY_MS
    listener?.(error instanceof Error ? error.message : String(error))
  }
  diag.setLogger(
    { error: troubled, warn: troubled, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  const resource = resourceFromAttributes({
    'service.namespace': 'perennial',
    'service.name': config.serviceName,
    'service.instance.id': randomUUID(),
    'deployment.environment.name': config.environment,
  })
  const exporting = (signal: string) => ({
    url: `${endpoint}/v1/${signal}`,
    headers: { ...headers },
    timeoutMillis: EXPORT_TIMEOUT_MS,
  })
  const processor = new BatchSpanProcessor(showing(new OTLPTraceExporter(exporting('traces'))), {
    maxQueueSize: SPANS_WAITING_MAX,
    maxExportBatchSize: SPANS_PER_EXPORT_MAX,
    scheduledDelayMillis: SPANS_EVERY_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  })
  const ratio = new TraceIdRatioBasedSampler(config.sampleRatio)
  const spans = new BasicTracerProvider({
    resource,
    spanProcessors: [processor],
    sampler: new ParentBasedSampler({ root: ratio }),
  })
  const metrics = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(exporting('metrics')),
        exportIntervalMillis: config.metricIntervalMs,
        exportTimeoutMillis: Math.min(EXPORT_TIMEOUT_MS, config.metricIntervalMs),
      }),
    ],
  })
  // Temporal's interceptors find these by themselves. Nothing but the trace's own ids travels: no baggage.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(spans)
  const tracer = spans.getTracer('perennial')
  const isChosen = (traceId: string) =>
    ratio.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED
  const telemetry: Telemetry = {
    ...createSpans(tracer, isChosen),
    ...createMeters(metrics.getMeter('perennial'), troubled),
    troubled,
    whenTroubled: (next) => {
      listener = next
    },
    temporal: temporalTelemetry({ tracer, processor, resource, config }),
    close: async () => {
      await Promise.all([spans.shutdown(), metrics.shutdown()]).catch(troubled)
      context.disable()
      propagation.disable()
      trace.disable()
      diag.disable()
    },
  }
  watchEventLoop(telemetry)
  return telemetry
}
