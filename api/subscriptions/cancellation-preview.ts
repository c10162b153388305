import { OpenAPIHono, z } from '@hono/zod-openapi'
import { subscriptionId } from '../../domain/ids.ts'
import { hasAccess } from '../../domain/subscription/access.ts'
import { allows } from '../../domain/subscription/commands.ts'
import { isLive, type Subscription } from '../../domain/subscription/subscription.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { futureProblem } from '../instant.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { priceSchema } from '../plans/list.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { createRoute } from '../route.ts'
import { validationHook } from '../validation.ts'
import { cancellationSchema, PAST_CANCELLATION } from './cancellation.ts'
import { subscriptionParameters } from './command.ts'
import { finalInvoice, previewLinesSchema, previewSums } from './invoice-preview.ts'
import { SUBSCRIPTION_ENDED } from './refusal.ts'

const instant = z.iso.datetime()

const previewSchema = z
  .object({
    ends_at: instant.describe('When the subscription ends.'),
    access_until: instant
      .nullable()
      .describe('When access ends; null if the user has no access now.'),
    invoiced_at: instant.describe(
      'When `amount_due` is charged: at the end of the subscription, or of the current period if that is sooner.',
    ),
    amount_due: priceSchema.describe(
      'The billed usage of the current period so far, after discounts and the customer’s balance. Usage until `invoiced_at` is added.',
    ),
    ...previewSums,
    lines: previewLinesSchema,
    credited: priceSchema.describe(
      'The amount that is credited. A cancellation credits nothing: the period stays paid, and its quota may be used.',
    ),
  })
  .openapi('CancellationPreview')

const route = createRoute({
  operationId: 'previewCancellation',
  callers: 'user',
  method: 'post',
  path: '/subscriptions/{id}/cancellation/preview',
  tags: ['Subscriptions'],
  summary: 'Preview a cancellation',
  description:
    'The last charge, and when access ends. Stripe calculates the charge as for the cancellation itself. Nothing changes.',
  request: { params: subscriptionParameters, body: jsonBody(cancellationSchema) },
  responses: {
    200: { description: 'The preview.', content: jsonContent(previewSchema) },
    ...problemResponses(
      'malformed_json',
      'subscription_not_found',
      'subscription_over',
      'move_not_allowed',
      'payment_provider_rejected',
      'payment_provider_unavailable',
      ...USER_PROBLEMS,
    ),
  },
})

/** Previews a cancellation. Nothing changes. */
export const previewCancellation = (dependencies: ApiDependencies) => {
  const { repositories, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const { id } = c.req.valid('param')
      const own = await repositories.subscriptions.find(subscriptionId(id.toLowerCase()))
      if (own?.userId !== userOf(c).userId)
        return problem(c, 'subscription_not_found', 'The user has no subscription with this id.')
      if (!isLive(own.status)) return problem(c, 'subscription_over', SUBSCRIPTION_ENDED)
      if (!allows('cancel', own.status))
        return problem(c, 'move_not_allowed', `${own.status} allows no cancellation.`)
      const { when } = c.req.valid('json')
      const now = clock.now()
      if (when !== 'now' && when !== 'period_end') {
        const wrong = futureProblem(c, { ...PAST_CANCELLATION, value: new Date(when), now })
        if (wrong) return wrong
      }
      const endsAt = endOf(own, when, now)
      const plan = await repositories.plans.getVersion(own.planVersionId)
      const invoice = await finalInvoice(dependencies, { own, plan, at: now })
      return c.json(
        {
          ends_at: endsAt.toISOString(),
          access_until: accessUntil(own, endsAt, now)?.toISOString() ?? null,
          invoiced_at: earlier(endsAt, own.period?.end).toISOString(),
          ...invoice,
          credited: { amount_minor: 0, currency: plan.price.currency },
        },
        200,
      )
    },
  )
}

/** As the command decides: a subscription that never began, or a pause beyond the period, ends now. */
function endOf({ period }: Subscription, when: string, now: Date): Date {
  if (when === 'now') return now
  if (when !== 'period_end') return new Date(when)
  return period === null || period.end <= now ? now : period.end
}

const accessUntil = ({ accessUntil: until }: Subscription, end: Date, now: Date): Date | null =>
  until !== null && hasAccess(until, now) ? earlier(end, until) : null

const earlier = (a: Date, b: Date | undefined): Date => (b !== undefined && b < a ? b : a)
