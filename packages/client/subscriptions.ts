import type { WorkflowReply, Call, CallOptions } from './call.ts'
import { ProblemError } from './errors.ts'

/** The subscriptions of one user. */
export const createSubscriptions = (call: Call) => ({
  /** Begins one. A paid plan answers with the page to pay on, a free one is active at once. */
  checkout: (body: WorkflowReply<'POST /subscriptions/checkout'>['body'], options?: CallOptions) =>
    call('POST /subscriptions/checkout', { body }, options),

  /** The one that is not over; null where there is none. */
  async current(
    query: WorkflowReply<'GET /subscriptions/current'>['query'] = {},
    options?: CallOptions,
  ) {
    try {
      return await call('GET /subscriptions/current', { query }, options)
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'subscription_not_found') return null
      throw error
    }
  },
  /** All of them, the newest first. */
  list: async (options?: CallOptions) =>
    (await call('GET /subscriptions', {}, options)).subscriptions,
  get: (id: string, options?: CallOptions) =>
    call('GET /subscriptions/{id}', { path: { id } }, options),
  /** Everything that became of one, with cause and actor. */
  timeline: async (id: string, options?: CallOptions) =>
    (await call('GET /subscriptions/{id}/timeline', { path: { id } }, options)).changes,

  /** What a change of plan costs; hand its `proration_date` to `changePlan`, and that is what is charged. */
  previewPlan: (
    id: string,
    body: WorkflowReply<'POST /subscriptions/{id}/plan/preview'>['body'],
    options?: CallOptions,
  ) => call('POST /subscriptions/{id}/plan/preview', { path: { id }, body }, options),
  changePlan: (
    id: string,
    body: WorkflowReply<'PUT /subscriptions/{id}/plan'>['body'],
    options?: CallOptions,
  ) => call('PUT /subscriptions/{id}/plan', { path: { id }, body }, options),
  withdrawPlanChange: (id: string, options?: CallOptions) =>
    call('DELETE /subscriptions/{id}/plan/pending', { path: { id } }, options),

  cancel: (
    id: string,
    body: WorkflowReply<'PUT /subscriptions/{id}/cancellation'>['body'],
    options?: CallOptions,
  ) => call('PUT /subscriptions/{id}/cancellation', { path: { id }, body }, options),
  withdrawCancellation: (id: string, options?: CallOptions) =>
    call('DELETE /subscriptions/{id}/cancellation', { path: { id } }, options),

  pause: (
    id: string,
    body: WorkflowReply<'PUT /subscriptions/{id}/pause'>['body'],
    options?: CallOptions,
  ) => call('PUT /subscriptions/{id}/pause', { path: { id }, body }, options),
  resume: (id: string, options?: CallOptions) =>
    call('DELETE /subscriptions/{id}/pause', { path: { id } }, options),
  endTrial: (id: string, options?: CallOptions) =>
    call('DELETE /subscriptions/{id}/trial', { path: { id } }, options),
})
