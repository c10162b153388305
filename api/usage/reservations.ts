import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { derivedUuid } from '../../adapters/secrets/derived-uuid.ts'
import { reservationKey } from '../../domain/keys.ts'
import type { Reservation, SettleOutcome } from '../../domain/usage/reservation.ts'
import { REFUSALS, type Counter } from '../../domain/usage/usage.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader, idempotencyKeyOf } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { KEY_REUSED } from './counting.ts'
import { AMOUNT_MAX, usageFields } from './request.ts'
import { decideBegun } from './auto-attach.ts'
import { counterFields, viewOfCounter } from './view.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'
import { unknownFeature } from './unknown-feature.ts'
import { below } from '../links.ts'

/** Longer than most jobs, and short enough to free the amount soon after a crash. */
const SECONDS_DEFAULT = 300
const SECONDS_MAX = 7 * 86_400

const holdSchema = requestObject({
  ...usageFields,
  expires_in: z
    .int()
    .min(1)
    .max(SECONDS_MAX)
    .default(SECONDS_DEFAULT)
    .describe('Seconds after which the reservation expires and its amount is free again.'),
}).openapi('ReservationRequest')
const settleSchema = requestObject({ amount: z.int().min(0).max(AMOUNT_MAX) }).openapi(
  'SettlementRequest',
)

const answerSchema = z
  .object({
    outcome: z.enum(['allowed', 'refused']),
    reason: z.enum(REFUSALS).optional(),
    reservation: z
      .object({
        id: z.uuid(),
        state: z.enum(['held', 'settled', 'released', 'expired']),
        amount: z.int(),
        settled_amount: z.int().nullable(),
        expires_at: z.iso.datetime(),
      })
      .nullable()
      .describe('Null if nothing was reserved.'),
    overage: z
      .int()
      .optional()
      .describe(
        'The part of the settled amount beyond the limit and all grants. It is recorded, and billed where the plan says `overage: bill`.',
      ),
    ...counterFields,
  })
  .openapi('ReservationOutcome')
const answer = (description: string) => ({
  description,
  content: jsonContent(answerSchema),
})
const params = z.object({ id: z.uuid() })

const holdRoute = createRoute({
  operationId: 'reserveUsage',
  leadsTo: [below('/usage/reservations/{id}', { id: '$response.body#/reservation/id' })],
  callers: 'application',
  method: 'post',
  path: '/usage/reservations',
  tags: ['Usage'],
  summary: 'Reserve usage',
  description:
    'A reserved amount cannot be used otherwise. Settle it for the actual usage, or release it. It expires after `expires_in` seconds, even if no worker runs.',
  request: {
    headers: idempotencyHeader,
    body: jsonBody(holdSchema),
  },
  responses: {
    200: answer('The committed outcome. A repeat returns the same reservation as it is now.'),
    ...problemResponses(
      'malformed_json',
      'feature_not_found',
      'idempotency_key_reused',
      'workflow_unavailable',
      ...USER_PROBLEMS,
    ),
  },
})

const settlementProblems = problemResponses(
  'malformed_json',
  'reservation_not_found',
  'reservation_expired',
  'reservation_closed',
  ...USER_PROBLEMS,
)

const settleRoute = createRoute({
  operationId: 'settleReservation',
  callers: 'application',
  method: 'put',
  path: '/usage/reservations/{id}',
  tags: ['Usage'],
  summary: 'Settle a reservation',
  description:
    'Counts the actual usage in the window of the reservation. An amount up to the reserved one is always allowed. A larger one is counted too, because the work is done: `overage` is the part beyond the limit and all grants, and nothing is left then. Where `settle` is `strict`, and for features that are held, a larger amount must fit; if it is refused, the reservation stays. Zero releases the reservation.',
  request: {
    params,
    body: jsonBody(settleSchema),
  },
  responses: { 200: answer('The outcome. A repeat returns the same.'), ...settlementProblems },
})

const releaseRoute = createRoute({
  operationId: 'releaseReservation',
  callers: 'application',
  method: 'delete',
  path: '/usage/reservations/{id}',
  tags: ['Usage'],
  summary: 'Release a reservation',
  description: 'Frees the whole amount. Releasing an expired or released reservation is no error.',
  request: { params },
  responses: { 200: answer('The reservation, released or expired.'), ...settlementProblems },
})

/** Reserves usage, and settles or releases reservations. */
export const reservations = (dependencies: ApiDependencies) => {
  const {
    repositories: { usage, catalogue },
    clock,
  } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(holdRoute, async (c) => {
      const user = userOf(c)
      const { expires_in, ...request } = c.req.valid('json')
      const { userId } = user
      const key = idempotencyKeyOf(c)
      const id = derivedUuid(reservationKey(userId, key))
      const hold = () => {
        const at = clock.now()
        const expiresAt = new Date(at.getTime() + expires_in * 1_000)
        return usage.hold({ userId, ...request, key, id, expiresAt }, at)
      }
      const decided = await decideBegun(dependencies, { userId, feature: request.feature }, hold)
      if (decided.kind === 'unavailable') return problem(c, 'workflow_unavailable', decided.detail)
      const { outcome } = decided
      switch (outcome.kind) {
        case 'key_reused':
          return problem(c, 'idempotency_key_reused', KEY_REUSED)
        case 'refused': {
          const unknown = await unknownFeature(catalogue, outcome, request.feature)
          if (unknown !== undefined) return problem(c, 'feature_not_found', unknown)
          return c.json(viewOf(null, outcome.counter, outcome.reason), 200)
        }
        case 'held':
          return c.json(viewOf(outcome.reservation, outcome.counter), 200)
      }
    })
    .openapi(settleRoute, async (c) => {
      const user = userOf(c)
      const settlement = { userId: user.userId, ...c.req.valid('param'), ...c.req.valid('json') }
      return answerSettlement(c, await usage.settle(settlement, clock.now()))
    })
    .openapi(releaseRoute, async (c) => {
      const user = userOf(c)
      const settlement = { userId: user.userId, ...c.req.valid('param'), amount: 0 }
      return answerSettlement(c, await usage.settle(settlement, clock.now()))
    })
}

function answerSettlement(c: Context<ApiEnvironment>, outcome: SettleOutcome) {
  switch (outcome.kind) {
    case 'not_found':
      return problem(c, 'reservation_not_found', 'The user has no reservation with this id.')
    case 'expired':
      return problem(
        c,
        'reservation_expired',
        'The reservation has expired, and its amount is free again. Use POST /usage/consume, which can be refused.',
      )
    case 'closed':
      return problem(c, 'reservation_closed', closedDetail(outcome.reservation))
    case 'refused':
      return c.json(viewOf(outcome.reservation, outcome.counter, outcome.reason), 200)
    case 'ended':
      return c.json(
        { ...viewOf(outcome.reservation, outcome.counter), overage: outcome.overage },
        200,
      )
  }
}

const closedDetail = ({ state, settledAmount }: Reservation) =>
  settledAmount === null
    ? `The reservation is already ${state}.`
    : `The reservation is already ${state} for ${settledAmount}. Correct the usage with POST /usage/consume or POST /usage/release.`

const viewOf = (
  reservation: Reservation | null,
  counter: Counter | null,
  reason?: (typeof REFUSALS)[number],
): z.infer<typeof answerSchema> => ({
  outcome: reason === undefined ? 'allowed' : 'refused',
  ...(reason !== undefined && { reason }),
  reservation: reservation && {
    id: reservation.id,
    state: reservation.state,
    amount: reservation.amount,
    settled_amount: reservation.settledAmount,
    expires_at: reservation.expiresAt.toISOString(),
  },
  ...viewOfCounter(counter),
})
