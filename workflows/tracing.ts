/**
 * Interceptors of the bundle that traces; the other one knows nothing of them, and neither do the workflows. A life changes
 * between both bundles at any point, so nothing here may move a command by so much as a turn of the microtask queue: each
 * method hands on the very promise that it got, and looks at it from aside. (The package's own methods await in between.)
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
import { threadsAre } from './thread.ts'

class Messages extends OpenTelemetryInboundInterceptor {
  /** A run lasts a month: it is no span, and what it does by time alone is not part of the request that began it. */
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

/** Runs something within a span that ends when it does. */
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

threadsAre(() => {
  const asked = context.active()
  return (step) => context.with(asked, step)
})

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [new Messages()],
  outbound: [new Effects()],
  internals: [new OpenTelemetryInternalsInterceptor()],
})
