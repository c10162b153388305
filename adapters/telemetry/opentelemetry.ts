import { randomUUID } from 'node:crypto'
import { context, diag, DiagLogLevel, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import { filterAttributes } from './attribute-filter.ts'
import type { TelemetryConfig } from './config.ts'
import { messageOf } from './error-message.ts'
import { watchEventLoop } from './event-loop.ts'
import { createMeters } from './meters.ts'
import { createSpans } from './spans.ts'
import type { Telemetry } from './telemetry.ts'
import { temporalTelemetry } from './temporal-interceptors.ts'

/** An export that takes longer is dropped: telemetry is worth less than the memory that would hold it. */
const EXPORT_TIMEOUT_MS = 5_000
/** Spans that wait for export, about two megabytes. Beyond it new spans are dropped. */
const SPANS_WAITING_MAX = 4_096
const SPANS_PER_EXPORT_MAX = 512
const SPANS_EVERY_MS = 1_000
/** While a receiver is down each export fails. One log line a minute is enough. */
const ERROR_EVERY_MS = 60_000

/** Exports everything over OTLP. It sets OpenTelemetry's global context manager, so a process can have only one. */
export function createTelemetry(config: TelemetryConfig): Telemetry {
  const { reportError, onError } = createErrorReports()
  const resource = resourceFromAttributes({
    'service.namespace': 'perennial',
    'service.name': config.serviceName,
    'service.instance.id': randomUUID(),
    'deployment.environment.name': config.environment,
  })
  const processor = spanProcessor(config)
  const ratio = new TraceIdRatioBasedSampler(config.sampleRatio)
  const spans = new BasicTracerProvider({
    resource,
    spanProcessors: [processor],
    sampler: new ParentBasedSampler({ root: ratio }),
  })
  const metrics = meterProvider(config, resource)
  setGlobals(spans)
  const tracer = spans.getTracer('perennial')
  const isSampled = (traceId: string) =>
    ratio.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED
  const telemetry: Telemetry = {
    ...createSpans(tracer, isSampled),
    ...createMeters(metrics.getMeter('perennial'), reportError),
    reportError,
    onError,
    temporal: temporalTelemetry({ tracer, processor, resource, config }),
    close: async () => {
      await Promise.all([spans.shutdown(), metrics.shutdown()]).catch(reportError)
      unsetGlobals()
    },
  }
  watchEventLoop(telemetry)
  return telemetry
}

const silent = () => undefined

/** Passes on the errors of exporting, at most one in `ERROR_EVERY_MS`. */
function createErrorReports(): Pick<Telemetry, 'reportError' | 'onError'> {
  let listener: ((message: string) => void) | undefined
  let silentUntil = -Infinity
  const reportError = (error: unknown) => {
    if (performance.now() < silentUntil) return
    silentUntil = performance.now() + ERROR_EVERY_MS
    listener?.(messageOf(error))
  }
  diag.setLogger(
    { error: reportError, warn: reportError, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  return {
    reportError,
    onError: (next) => {
      listener = next
    },
  }
}

const exporterOptions = ({ endpoint, headers }: TelemetryConfig, signal: 'traces' | 'metrics') => ({
  url: `${endpoint}/v1/${signal}`,
  headers: { ...headers },
  timeoutMillis: EXPORT_TIMEOUT_MS,
})

const spanProcessor = (config: TelemetryConfig) =>
  new BatchSpanProcessor(
    filterAttributes(new OTLPTraceExporter(exporterOptions(config, 'traces'))),
    {
      maxQueueSize: SPANS_WAITING_MAX,
      maxExportBatchSize: SPANS_PER_EXPORT_MAX,
      scheduledDelayMillis: SPANS_EVERY_MS,
      exportTimeoutMillis: EXPORT_TIMEOUT_MS,
    },
  )

const meterProvider = (config: TelemetryConfig, resource: Resource) =>
  new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(exporterOptions(config, 'metrics')),
        exportIntervalMillis: config.metricIntervalMs,
        exportTimeoutMillis: Math.min(EXPORT_TIMEOUT_MS, config.metricIntervalMs),
      }),
    ],
  })

/** Temporal's interceptors use these globals. Only trace ids are propagated, no baggage. */
function setGlobals(spans: BasicTracerProvider): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(spans)
}

function unsetGlobals(): void {
  context.disable()
  propagation.disable()
  trace.disable()
  diag.disable()
}
