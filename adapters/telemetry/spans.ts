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
import type { OpenSpan, SpanGiven, Telemetry } from './telemetry.ts'

/** A fact may gather hundreds of events; a reader follows a few. */
export const LINKS_MAX = 16

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
} as const

type Spans = Pick<
  Telemetry,
  'begin' | 'span' | 'past' | 'apart' | 'alongside' | 'traceparent' | 'logFields'
>

/** @param isChosen whether a trace of this id is among those that we want */
export function createSpans(tracer: Tracer, isChosen: (traceId: string) => boolean): Spans {
  function begin({ name, kind = 'internal', attributes = {}, parent, links = [] }: SpanGiven) {
    const from = parent === undefined ? context.active() : contextOf(parent, kind)
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
    } satisfies OpenSpan
  }

  /**
   * A `traceparent` as the context that it stands for; a trace of its own for none, or one that is no such thing. A caller
   * may leave a trace out, and cannot have more traced than we want.
   */
  function contextOf(parent: string | null, kind: SpanGiven['kind']): Context {
    const of = parent === null ? null : parseTraceParent(parent)
    if (of === null) return ROOT_CONTEXT
    const traceFlags = kind === 'server' && !isChosen(of.traceId) ? TraceFlags.NONE : of.traceFlags
    return trace.setSpanContext(ROOT_CONTEXT, { ...of, traceFlags, isRemote: true })
  }

  return {
    begin,

    async span(given, run) {
      const span = begin(given)
      try {
        const result = await span.within(run)
        span.end()
        return result
      } catch (error) {
        span.end('failed')
        throw error
      }
    },

    past({ name, kind = 'internal', attributes = {}, durationMs, outcome }) {
      if (presentSpan() === undefined) return
      const startTime = Date.now() - durationMs
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, startTime })
      if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },

    apart: (run) => context.with(ROOT_CONTEXT, run),

    alongside() {
      const present = context.active()
      return (run) => context.with(present, run)
    },

    traceparent() {
      const of = presentSpan()
      return of === undefined ? null : traceparentOf(of)
    },

    logFields() {
      const of = presentSpan()
      return of === undefined ? {} : { trace_id: of.traceId, span_id: of.spanId }
    },
  }
}

function presentSpan(): SpanContext | undefined {
  const of = trace.getSpanContext(context.active())
  return of !== undefined && isSpanContextValid(of) ? of : undefined
}

const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`

const linksTo = (parents: readonly string[]): Link[] =>
  parents
    .slice(0, LINKS_MAX)
    .map((parent) => parseTraceParent(parent))
    .filter((of) => of !== null)
    .map((of) => ({ context: of }))
