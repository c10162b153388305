/**
 * The span attributes that are exported, ours and Temporal's. Other attributes stay in the process, because they may hold
 * personal data: search attributes name users, callers choose update ids, error messages quote their input. The log has these,
 * redacted, under the same trace id.
 */
export const SPAN_ATTRIBUTES = [
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'url.template',
  'db.system.name',
  'db.operation.name',
  'db.collection.name',
  'db.stored_procedure.name',
  'stripe.event.type',
  'perennial.outcome',
  'perennial.attempt',
  'perennial.queue',
  'perennial.letter.kind',
  'perennial.batch.size',
  'perennial.events',
  // Temporal's. A workflow id is a type and a uuid.
  'temporalWorkflowId',
  'temporalActivityId',
  'run_id',
  'workflowId',
  'runId',
  'workflowType',
  'taskQueue',
] as const

/** The attributes of a span: of the closed list above, so that nothing personal gets into a trace. */
export type SpanAttributes = Readonly<
  Partial<Record<(typeof SPAN_ATTRIBUTES)[number], string | number>>
>
