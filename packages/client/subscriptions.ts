import type { Answer, RequestOf, Call, CallOptions } from './call.ts'
import { ProblemError } from './errors.ts'

type Body = RequestOf<'POST /subscriptions/checkout'>['body']
type CheckoutBody = Omit<Body, 'if_subscribed' | 'confirm'>
type SubscribeBody = Omit<Body, 'if_subscribed'>
type Checkout = Extract<Answer<'POST /subscriptions/checkout'>, { kind: 'checkout' }>

/** The two ways to start a subscription. */
const startsOf = (call: Call) => ({
  /** Starts a subscription. A paid plan returns the URL of a payment page; a free plan is active immediately. */
  checkout: async (body: CheckoutBody, options?: CallOptions) =>
    // Without `if_subscribed`, only a checkout is a success.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    (await call('POST /subscriptions/checkout', { body }, options)) as Checkout,
  /**
   * Starts a subscription, or changes the plan of the one that the user has. The answer's `kind` is `checkout` (send the customer
   * to `checkout_url`), `change` (a preview; send the same body with its `confirm` to carry it out) or `changed`.
   */
  subscribe: (body: SubscribeBody, options?: CallOptions) =>
    call(
      'POST /subscriptions/checkout',
      { body: { ...body, if_subscribed: 'change' as const } },
      options,
    ),
})

/** The subscriptions of one user. */
export const createSubscriptions = (call: Call) => ({
  ...startsOf(call),

  /** The live subscription; null when there is none. */
  async current(
    query: RequestOf<'GET /subscriptions/current'>['query'] = {},
    options?: CallOptions,
  ) {
    try {
      return await call('GET /subscriptions/current', { query }, options)
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'subscription_not_found') return null
      throw error
    }
  },
  /** All subscriptions, newest first. */
  list: async (options?: CallOptions) =>
    (await call('GET /subscriptions', {}, options)).subscriptions,
  get: (id: string, options?: CallOptions) =>
    call('GET /subscriptions/{id}', { path: { id } }, options),
  ...previewsOf(call),

  /** Every change of a subscription, with cause and actor. */
  timeline: async (id: string, options?: CallOptions) =>
    (await call('GET /subscriptions/{id}/timeline', { path: { id } }, options)).changes,

  changePlan: (
    id: string,
    body: RequestOf<'PUT /subscriptions/{id}/plan'>['body'],
    options?: CallOptions,
  ) => call('PUT /subscriptions/{id}/plan', { path: { id }, body }, options),
  withdrawPlanChange: (id: string, options?: CallOptions) =>
    call('DELETE /subscriptions/{id}/plan/pending', { path: { id } }, options),

  cancel: (
    id: string,
    body: RequestOf<'PUT /subscriptions/{id}/cancellation'>['body'],
    options?: CallOptions,
  ) => call('PUT /subscriptions/{id}/cancellation', { path: { id }, body }, options),
  withdrawCancellation: (id: string, options?: CallOptions) =>
    call('DELETE /subscriptions/{id}/cancellation', { path: { id } }, options),

  pause: (
    id: string,
    body: RequestOf<'PUT /subscriptions/{id}/pause'>['body'],
    options?: CallOptions,
  ) => call('PUT /subscriptions/{id}/pause', { path: { id }, body }, options),
  resume: (id: string, options?: CallOptions) =>
    call('DELETE /subscriptions/{id}/pause', { path: { id } }, options),
  endTrial: (id: string, options?: CallOptions) =>
    call('DELETE /subscriptions/{id}/trial', { path: { id } }, options),
})

/** The cost of a change. Nothing changes. */
const previewsOf = (call: Call) => ({
  /** The cost of a plan change. Pass its `proration_date` to `changePlan` to be charged exactly this. */
  previewPlan: (
    id: string,
    body: RequestOf<'POST /subscriptions/{id}/plan/preview'>['body'],
    options?: CallOptions,
  ) => call('POST /subscriptions/{id}/plan/preview', { path: { id }, body }, options),
  /** The last charge of a cancellation, and when access ends. */
  previewCancellation: (
    id: string,
    body: RequestOf<'POST /subscriptions/{id}/cancellation/preview'>['body'],
    options?: CallOptions,
  ) => call('POST /subscriptions/{id}/cancellation/preview', { path: { id }, body }, options),
})
