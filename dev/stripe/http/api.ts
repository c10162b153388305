import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Engine } from '../engine.ts'
import { operations } from '../resources/operations.ts'
import { checkKey, checkVersion } from './auth.ts'
import { dispatch, type ApiReply } from './dispatch.ts'
import { invalid, Refusal } from './refusal.ts'
import { createRouter } from './router.ts'
import { API_VERSION } from './version.ts'

/** Several times the largest request that the API accepts. */
const BODY_BYTES_MAX = 1024 * 1024

/** `/v1/…`, as the official SDK calls it. */
export function createApi({
  engine,
  log,
}: {
  readonly engine: Engine
  readonly log: (line: string) => void
}) {
  const router = createRouter(operations)
  const api = new Hono()
  api.use(bodyLimit({ maxSize: BODY_BYTES_MAX }))
  api.all('/v1/*', async (c) => {
    const started = performance.now()
    const reply = await answer(c)
    const took = (performance.now() - started).toFixed(1)
    log(`${c.req.method} ${c.req.path} ${reply.status} ${took} ms`)
    return respond(c, reply)
  })

  async function answer(c: Context): Promise<ApiReply> {
    try {
      checkKey(c.req.header('authorization'))
      checkVersion(c.req.header('stripe-version'))
      return dispatch(engine, router, {
        method: c.req.method,
        path: c.req.path,
        encoded: await encodedOf(c),
        idempotencyKey: c.req.header('idempotency-key'),
      })
    } catch (error) {
      if (error instanceof Refusal) {
        return {
          status: error.details.status,
          body: JSON.stringify(error.body),
          requestId: 'req_refused',
        }
      }
      log(`${c.req.method} ${c.req.path} broke the simulator: ${stackOf(error)}`)
      const body = {
        error: { type: 'api_error', message: `The simulator broke: ${String(error)}` },
      }
      return { status: 500, body: JSON.stringify(body), requestId: 'req_broken' }
    }
  }
  return api
}

async function encodedOf(c: Context): Promise<string> {
  if (c.req.method !== 'POST') return new URL(c.req.url).search.slice(1)
  const type = c.req.header('content-type')
  if (type !== undefined && !type.startsWith('application/x-www-form-urlencoded')) {
    throw invalid(
      `Invalid request (check that your POST content type is application/x-www-form-urlencoded).`,
    )
  }
  return c.req.text()
}

function respond(c: Context, { status, body, requestId, replays }: ApiReply): Response {
  const key = c.req.header('idempotency-key')
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/json',
      'request-id': requestId,
      'stripe-version': API_VERSION,
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(replays !== undefined && { 'idempotent-replayed': 'true', 'original-request': replays }),
    },
  })
}

const stackOf = (error: unknown) => (error instanceof Error ? error.stack : String(error))
