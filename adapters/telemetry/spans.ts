import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Link,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import type { OpenSpan, PastSpan, SpanOptions, Telemetry } from './telemetry.ts'

/** One fact may combine hundreds of events. A reader follows only a few links. */
export const LINKS_MAX = 16

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
} as const

type Spans = Pick<
  Telemetry,
  'startSpan' | 'inSpan' | 'pastSpan' | 'outsideTrace' | 'bindTrace' | 'traceparent' | 'logFields'
>

type Tracing = {
  readonly tracer: Tracer
  readonly isSampled: (traceId: string) => boolean
}

/** @param isSampled whether our own sampling selects a trace of this id */
export function createSpans(tracer: Tracer, isSampled: (traceId: string) => boolean): Spans {
  const tracing = { tracer, isSampled }
  return {
    startSpan: (options) => startSpan(tracing, options),
    inSpan: (options, run) => inSpan(tracing, options, run),
    pastSpan: (options) => pastSpan(tracer, options),
    outsideTrace: (run) => context.with(ROOT_CONTEXT, run),
    bindTrace() {
      const current = context.active()
      return (run) => context.with(current, run)
    },
    traceparent() {
      const current = currentSpan()
      return current === undefined ? null : traceparentOf(current)
    },
    logFields() {
      const current = currentSpan()
      return current === undefined ? {} : { trace_id: current.traceId, span_id: current.spanId }
    },
  }
}

function startSpan(
  { tracer, isSampled }: Tracing,
  { name, kind = 'internal', attributes = {}, parent, links = [] }: SpanOptions,
): OpenSpan {
  const from = parent === undefined ? context.active() : contextOf(parent, kind, isSampled)
  const options = { kind: KINDS[kind], attributes, links: linksTo(links) }
  const span = tracer.startSpan(name, options, from)
  const inside = trace.setSpan(from, span)
  return {
    within: (run) => context.with(inside, run),
    rename: (to) => void span.updateName(to),
    set: (more) => void span.setAttributes(more),
    end: (outcome?: 'failed') => {
      if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
  }
}

/**
 * @returns the context of a `traceparent`; an empty one, which starts a new trace, for null and for invalid text. A caller can
 * switch tracing off for its request, but not on against our sampling.
 */
function contextOf(
  parent: string | null,
  kind: SpanOptions['kind'],
  isSampled: Tracing['isSampled'],
): Context {
  const parsed = parent === null ? null : parseTraceParent(parent)
  if (parsed === null) return ROOT_CONTEXT
  const traceFlags =
    kind === 'server' && !isSampled(parsed.traceId) ? TraceFlags.NONE : parsed.traceFlags
  return trace.setSpanContext(ROOT_CONTEXT, { ...parsed, traceFlags, isRemote: true })
}

async function inSpan<T>(tracing: Tracing, options: SpanOptions, run: () => Promise<T>) {
  const span = startSpan(tracing, options)
  try {
    const result = await span.within(run)
    span.end()
    return result
  } catch (error) {
    span.end('failed')
    throw error
  }
}

function pastSpan(
  tracer: Tracer,
  { name, kind = 'internal', attributes = {}, durationMs, outcome }: PastSpan,
): void {
  if (currentSpan() === undefined) return
  const startTime = Date.now() - durationMs
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, startTime })
  if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

function currentSpan(): SpanContext | undefined {
  const span = trace.getSpanContext(context.active())
  return span !== undefined && isSpanContextValid(span) ? span : undefined
}

/** @see https://www.w3.org/TR/trace-context/#traceparent-header */
const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`

const linksTo = (parents: readonly string[]): Link[] =>
  parents
    .slice(0, LINKS_MAX)
    .map((parent) => parseTraceParent(parent))
    .filter((parsed) => parsed !== null)
    .map((parsed) => ({ context: parsed }))
