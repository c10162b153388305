/**
 * All that a span may say, ours and Temporal's: the shape of what happened. Whatever else a library attaches (search
 * attributes name users, update ids are the caller's words, messages of errors quote what they were given) does not leave
 * the process; the log has it, with the same trace id, censored.
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
  'perennial.lane',
  'perennial.notice.kind',
  'perennial.batch.size',
  'perennial.events',
  // Temporal's: a workflow's id is a kind and a uuid.
  'temporalWorkflowId',
  'temporalActivityId',
  'run_id',
  'workflowId',
  'runId',
  'workflowType',
  'taskQueue',
] as const

export type SpanAttributes = Readonly<
  Partial<Record<(typeof SPAN_ATTRIBUTES)[number], string | number>>
>
