/**
 * Interceptors of the bundle that traces. The plain bundle and the workflows do not know them. A run may change between the
 * two bundles at any point, so nothing here may delay a command, not even by one microtask: each method returns the same
 * promise that it received. (The package's own methods await in between.)
 */
import { context, SpanStatusCode, trace, type Context } from '@opentelemetry/api'
import {
  extractContextFromHeaders,
  headersWithContext,
} from '@temporalio/interceptors-opentelemetry-v2/lib/instrumentation.js'
import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2/lib/workflow/index.js'
import type {
  ActivityInput,
  ContinueAsNewInput,
  Next,
  SignalInput,
  UpdateInput,
  WorkflowExecuteInput,
  WorkflowInboundCallsInterceptor,
  WorkflowInterceptors,
  WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow'
import { traceWith } from './trace-scope.ts'

class Messages extends OpenTelemetryInboundInterceptor {
  /** A run lasts a month, so it is no span, and its timers do not belong to the request that started it. */
  override execute(
    input: WorkflowExecuteInput,
    next: Next<WorkflowInboundCallsInterceptor, 'execute'>,
  ): Promise<unknown> {
    return next(input)
  }

  override handleSignal(
    input: SignalInput,
    next: Next<WorkflowInboundCallsInterceptor, 'handleSignal'>,
  ): Promise<void> {
    const from = extractContextFromHeaders(input.headers)
    return spanned(`HandleSignal:${input.signalName}`, () => next(input), from)
  }

  override handleUpdate(
    input: UpdateInput,
    next: Next<WorkflowInboundCallsInterceptor, 'handleUpdate'>,
  ): Promise<unknown> {
    const from = extractContextFromHeaders(input.headers)
    return spanned(`HandleUpdate:${input.name}`, () => next(input), from)
  }
}

class Effects extends OpenTelemetryOutboundInterceptor {
  override scheduleActivity(
    input: ActivityInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'scheduleActivity'>,
  ): Promise<unknown> {
    return spanned(`StartActivity:${input.activityType}`, () =>
      next({ ...input, headers: headersWithContext(input.headers) }),
    )
  }

  override continueAsNew(
    input: ContinueAsNewInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'continueAsNew'>,
  ): Promise<never> {
    return next(input)
  }
}

/** Runs `run` within a span that ends with it. */
function spanned<T>(name: string, run: () => Promise<T>, from: Context = context.active()) {
  const span = trace.getTracer('perennial').startSpan(name, {}, from)
  const running = context.with(trace.setSpan(from, span), run)
  running.then(
    () => span.end(),
    (error: unknown) => {
      if (error instanceof Error) span.recordException(error)
      span.setStatus({ code: SpanStatusCode.ERROR }).end()
    },
  )
  return running
}

traceWith(() => {
  const present = context.active()
  return (step) => context.with(present, step)
})

/** Called by Temporal’s worker once per workflow run. */
export const interceptors = (): WorkflowInterceptors => ({
  inbound: [new Messages()],
  outbound: [new Effects()],
  internals: [new OpenTelemetryInternalsInterceptor()],
})
