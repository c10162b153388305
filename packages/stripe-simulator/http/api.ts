import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../engine.ts'
import type { DeliveryRules } from '../knobs/delivery-rules.ts'
import type { Fault, Faults } from '../knobs/faults.ts'
import { operations } from '../resources/operations.ts'
import type { Deliveries } from '../webhooks/delivery.ts'
import { checkKey, checkVersion } from './auth.ts'
import { hang, reset } from './conversation.ts'
import { dispatch, type ApiReply } from './dispatch.ts'
import { invalid, Refusal } from './refusal.ts'
import { createRouter } from './router.ts'
import { API_VERSION } from './version.ts'

/** Several times the largest request that the API accepts. */
const BODY_BYTES_MAX = 1024 * 1024

type Parts = {
  readonly engine: Engine
  readonly faults: Faults
  readonly rules: DeliveryRules
  readonly deliveries: Deliveries
  readonly log: (line: string) => void
  readonly onExchange?: ((exchange: Exchange) => void) | undefined
}

/** A request and its response. */
export type Exchange = {
  readonly method: string
  readonly path: string
  /** The query of a GET or DELETE, otherwise the body. */
  readonly encoded: string
  readonly status: number
  readonly body: unknown
}

/** Serves `/v1/…` as the official SDK calls it. */
export function createApi(parts: Parts): Hono {
  const { engine, faults, rules, deliveries, log, onExchange } = parts
  const router = createRouter(operations)
  const inFlight = new Set<string>()
  const api = new Hono()
  api.use(bodyLimit({ maxSize: BODY_BYTES_MAX }))
  api.all('/v1/*', async (c) => {
    const started = performance.now()
    const fault = faults.next(c.req.method, c.req.path)
    const reply = await answer(c, fault)
    const took = (performance.now() - started).toFixed(1)
    log(
      `${c.req.method} ${c.req.path} ${reply.status} ${took} ms${fault ? ` (${fault.kind})` : ''}`,
    )
    if (rules.deliversBeforeResponse()) await deliveries.idle()
    if (fault?.kind === 'commit_then_hang') await hang(c)
    if (fault?.kind === 'commit_then_reset') reset(c)
    const isGone = fault?.kind === 'commit_then_hang' || fault?.kind === 'commit_then_reset'
    return isGone ? RESPONSE_ALREADY_SENT : respond(c, reply)
  })

  async function answer(c: Context, fault: Fault | undefined): Promise<ApiReply> {
    const key = c.req.method === 'POST' ? c.req.header('idempotency-key') : undefined
    try {
      checkKey(c.req.header('authorization'))
      checkVersion(c.req.header('stripe-version'))
      if (key !== undefined && inFlight.has(key)) throw keyInUse()
      if (key !== undefined) inFlight.add(key)
      try {
        if (fault?.kind === 'delay') await sleep(fault.milliseconds)
        const encoded = await encodedOf(c)
        const { method, path } = c.req
        const request = { method, path, encoded, idempotencyKey: key, fault }
        const reply = dispatch(engine, router, request)
        onExchange?.({ ...request, status: reply.status, body: JSON.parse(reply.body) })
        return reply
      } finally {
        if (key !== undefined) inFlight.delete(key)
      }
    } catch (error) {
      if (error instanceof Refusal) return refused(error)
      log(`${c.req.method} ${c.req.path} broke the simulator: ${stackOf(error)}`)
      const body = {
        error: { type: 'api_error', message: `The simulator broke: ${String(error)}` },
      }
      return { status: 500, body: JSON.stringify(body), requestId: 'req_broken' }
    }
  }
  return api
}

const refused = (error: Refusal): ApiReply => ({
  status: error.details.status,
  body: JSON.stringify(error.body),
  requestId: 'req_refused',
})

async function encodedOf(c: Context): Promise<string> {
  if (c.req.method !== 'POST') return new URL(c.req.url).search.slice(1)
  const type = c.req.header('content-type')
  if (type !== undefined && !type.startsWith('application/x-www-form-urlencoded')) {
    throw invalid(
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded).',
    )
  }
  return c.req.text()
}

function respond(c: Context, { status, body, requestId, replays, headers }: ApiReply): Response {
  const key = c.req.header('idempotency-key')
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/json',
      'request-id': requestId,
      'stripe-version': API_VERSION,
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(replays !== undefined && { 'idempotent-replayed': 'true', 'original-request': replays }),
      ...headers,
    },
  })
}

const keyInUse = () =>
  new Refusal({
    status: 409,
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message:
      'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through). Please try again later.',
  })

const stackOf = (error: unknown) => (error instanceof Error ? error.stack : String(error))
