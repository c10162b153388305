import type { WorkflowClientInterceptor } from '@temporalio/client'
import type { InjectedSinks, TelemetryOptions, WorkerInterceptors } from '@temporalio/worker'
import type { OpenTelemetrySinks } from '@temporalio/interceptors-opentelemetry-v2'
import type { SpanAttributes } from './attributes.ts'
import type { AttributesOf, CounterName, GaugeName, HistogramName } from './metrics.ts'

/** A span that has not ended. */
export type OpenSpan = {
  /** Runs something as a child of this span. */
  readonly within: <T>(run: () => T) => T
  readonly rename: (name: string) => void
  readonly set: (attributes: SpanAttributes) => void
  readonly end: (outcome?: 'failed') => void
}

/** The name and the place of a span. */
export type SpanOptions = {
  readonly name: string
  readonly kind?: 'server' | 'client' | 'internal'
  readonly attributes?: SpanAttributes
  /** A W3C `traceparent` from elsewhere; null starts a new trace. Without it the current span is the parent. */
  readonly parent?: string | null
  /** The `traceparent`s of other work that this span serves. */
  readonly links?: readonly string[]
}

/** A span that has ended already, measured in milliseconds. */
export type PastSpan = SpanOptions & {
  readonly durationMs: number
  readonly outcome?: 'failed' | undefined
}

/** Traces and metrics. Where telemetry is off, `undefined` stands in its place and costs one comparison. */
export type Telemetry = {
  readonly startSpan: (options: SpanOptions) => OpenSpan
  /** Runs something in a span, which fails when `run` throws. */
  readonly inSpan: <T>(options: SpanOptions, run: () => Promise<T>) => Promise<T>
  /** Records a span that ends now. Outside a trace it records nothing, because it would start a new trace. */
  readonly pastSpan: (span: PastSpan) => void
  /** Runs something outside the current trace, because it also does work for other requests. */
  readonly outsideTrace: <T>(run: () => T) => T
  /** @returns a function that runs later work as part of the current trace */
  readonly bindTrace: () => <T>(run: () => T) => T
  /** The W3C `traceparent` of the current span; null outside a trace. */
  readonly traceparent: () => string | null
  /** The trace and span id for a log line. */
  readonly logFields: () => Readonly<Record<string, string>>
  readonly count: <Name extends CounterName>(
    metric: Name,
    attributes: AttributesOf<Name>,
    howMany?: number,
  ) => void
  readonly measure: <Name extends HistogramName>(
    metric: Name,
    value: number,
    attributes: AttributesOf<Name>,
  ) => void
  /** Registers a gauge. `read` runs at each export; when it throws, the gauge is left out of that export. */
  readonly watch: <Name extends GaugeName>(
    metric: Name,
    read: () => Promise<readonly (readonly [number, AttributesOf<Name>])[]>,
  ) => void
  /** Reports an error in telemetry itself, which must not disturb the work that it describes. */
  readonly reportError: (error: unknown) => void
  /** Sets the one listener for such errors, which hears at most one a minute. */
  readonly onError: (listener: (message: string) => void) => void
  readonly temporal: {
    readonly client: { readonly workflow: WorkflowClientInterceptor[] }
    readonly worker: {
      readonly interceptors: WorkerInterceptors
      readonly sinks: InjectedSinks<{ exporter: OpenTelemetrySinks['exporter'] }>
    }
    /** The destination of Temporal's own metrics. */
    readonly metrics: NonNullable<TelemetryOptions['metrics']>
  }
  /** Exports what is left, within a few seconds, and stops. */
  readonly close: () => Promise<void>
}

/** Runs something in a span where telemetry is on, and without one where it is off. */
export const inSpan = <T>(
  telemetry: Telemetry | undefined,
  options: SpanOptions,
  run: () => Promise<T>,
): Promise<T> => (telemetry === undefined ? run() : telemetry.inSpan(options, run))
