import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { derivedUuid } from '../../adapters/secrets/derived-uuid.ts'
import { reservationKey } from '../../domain/keys.ts'
import type { Reservation } from '../../domain/usage/reservation.ts'
import { REFUSALS, type Counter } from '../../domain/usage/usage.ts'
import { applicationOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader, newIdempotencyKey } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { KEY_REUSED } from './counting.ts'
import { AMOUNT_MAX, usageFields } from './request.ts'
import { counterFields, viewOfCounter } from './view.ts'

/** Longer than any call takes, and short enough that what a crash left comes back by itself. */
const SECONDS_DEFAULT = 300
const SECONDS_MAX = 7 * 86_400

const holdSchema = z
  .strictObject({
    ...usageFields,
    expires_in: z
      .int()
      .min(1)
      .max(SECONDS_MAX)
      .default(SECONDS_DEFAULT)
      .describe('Seconds after which the amount comes back by itself.'),
  })
  .openapi('ReservationRequest')
const settleSchema = z
  .strictObject({ amount: z.int().min(0).max(AMOUNT_MAX) })
  .openapi('SettlementRequest')

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
      .describe('Null when nothing was reserved.'),
    ...counterFields,
  })
  .openapi('ReservationOutcome')
const answer = (description: string) => ({
  description,
  content: jsonContent(answerSchema),
})
const params = z.object({ id: z.uuid() })

const holdRoute = createRoute({
  method: 'post',
  path: '/usage/reservations',
  tags: ['Usage'],
  summary: 'Set an amount aside before it is used',
  description:
    'What is held is used by nobody else: settle it for what it came to, or release it. After `expires_in` it comes back by itself, whatever runs or does not.',
  request: {
    headers: idempotencyHeader,
    body: jsonBody(holdSchema),
  },
  responses: {
    200: answer('The decision, committed. A repeat answers the same reservation, as it is now.'),
    ...problemResponses(
      'malformed_json',
      'user_missing',
      'unauthenticated',
      'forbidden',
      'invalid_request',
      'idempotency_key_reused',
      'database_unavailable',
    ),
  },
})

const ending = problemResponses(
  'malformed_json',
  'user_missing',
  'unauthenticated',
  'forbidden',
  'reservation_not_found',
  'reservation_expired',
  'reservation_closed',
  'invalid_request',
  'database_unavailable',
)

const settleRoute = createRoute({
  method: 'put',
  path: '/usage/reservations/{id}',
  tags: ['Usage'],
  summary: 'Settle a reservation for what it came to',
  description:
    'Up to what was held always fits; more is decided like any usage, and when it does not fit nothing changes and the hold stays. It counts in the window in which it was made. Zero releases it.',
  request: {
    params,
    body: jsonBody(settleSchema),
  },
  responses: { 200: answer('Settled, or refused. A repeat answers the same.'), ...ending },
})

const releaseRoute = createRoute({
  method: 'delete',
  path: '/usage/reservations/{id}',
  tags: ['Usage'],
  summary: 'Release a reservation',
  description: 'The whole amount comes back. One that is over already is no error.',
  request: { params },
  responses: { 200: answer('Released, or expired before.'), ...ending },
})

export const reservations = ({ repositories, clock }: ApiDependencies) => {
  const { usage } = repositories
  const settle = async (userId: string, id: string, amount: number) =>
    usage.settle({ userId, id, amount }, clock.now())
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(holdRoute, async (c) => {
      const user = applicationOf(c)
      if (user.kind === 'refused') return user.answer
      const { feature, amount, expires_in } = c.req.valid('json')
      const { userId } = user
      const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
      const at = clock.now()
      const outcome = await usage.hold(
        {
          userId,
          feature,
          amount,
          key,
          id: derivedUuid(reservationKey(userId, key)),
          expiresAt: new Date(at.getTime() + expires_in * 1_000),
        },
        at,
      )
      switch (outcome.kind) {
        case 'key_reused':
          return problem(c, 'idempotency_key_reused', KEY_REUSED)
        case 'refused':
          return c.json(viewOf(null, outcome.counter, outcome.reason), 200)
        case 'held':
          return c.json(viewOf(outcome.reservation, outcome.counter), 200)
      }
    })
    .openapi(settleRoute, async (c) => {
      const user = applicationOf(c)
      if (user.kind === 'refused') return user.answer
      const { id } = c.req.valid('param')
      const outcome = await settle(user.userId, id, c.req.valid('json').amount)
      switch (outcome.kind) {
        case 'not_found':
          return problem(c, 'reservation_not_found', NOT_FOUND)
        case 'expired':
          return problem(c, 'reservation_expired', EXPIRED)
        case 'closed':
          return problem(c, 'reservation_closed', closed(outcome.reservation))
        case 'refused':
          return c.json(viewOf(outcome.reservation, outcome.counter, outcome.reason), 200)
        case 'ended':
          return c.json(viewOf(outcome.reservation, outcome.counter), 200)
      }
    })
    .openapi(releaseRoute, async (c) => {
      const user = applicationOf(c)
      if (user.kind === 'refused') return user.answer
      const outcome = await settle(user.userId, c.req.valid('param').id, 0)
      switch (outcome.kind) {
        case 'not_found':
          return problem(c, 'reservation_not_found', NOT_FOUND)
        case 'expired':
          return problem(c, 'reservation_expired', EXPIRED)
        case 'closed':
          return problem(c, 'reservation_closed', closed(outcome.reservation))
        case 'refused':
        case 'ended':
          return c.json(viewOf(outcome.reservation, outcome.counter), 200)
      }
    })
}

const NOT_FOUND = 'The user has no reservation of this id.'
const EXPIRED =
  'Its time was over, and the amount went back. Use POST /usage/consume, which may be refused.'
const closed = ({ state, settledAmount }: Reservation) =>
  settledAmount === null
    ? `It was ${state} before.`
    : `It was ${state} for ${settledAmount} before. Correct it with /usage/consume or /usage/release.`

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
