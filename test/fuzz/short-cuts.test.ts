import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import Stripe from 'stripe'
import { BASE_PATH } from '../../api/app.ts'
import { postRaw, type RawRequest, type RawResponse } from '../support/raw-http.ts'
import { getPlan, storeActive } from '../support/rows.ts'
import { anEvent } from '../support/webhook.ts'
import { createWorld, type World } from '../support/world.ts'
import { bodyMutations, headerMutations, pathMutations } from './odd-requests.ts'

/** Requests per call. Set `FUZZ_RUNS` for more, and `FUZZ_SEED` for others. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 250)
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_130)
/** Mutations of one request. */
const MUTATIONS_MAX = 3
const TEST_MAX_MS = 60_000

const WAYS = ['with length', 'chunked'] as const
type Way = (typeof WAYS)[number]
/** Headers that depend on how a response is sent, or on the moment. */
const VARYING = new Set(['content-length', 'transfer-encoding', 'date', 'connection', 'keep-alive'])

let world: World
/** Each way has its own user. Both get the same requests in the same order, so their usage stays equal. */
const users = {} as Record<Way, string>
beforeAll(async () => {
  world = await createWorld({ worker: false })
  const at = world.clock.now()
  const plan = await getPlan(world.database.repositories, 'plan_enterprise')
  for (const way of WAYS) {
    const { userId } = await storeActive(world.database.repositories, { at, plan })
    users[way] = userId
  }
})
afterAll(() => world.close())

/** The parts that must be equal: all but ids, the rate limit's counters and what depends on the transport. */
const comparable = ({ status, headers, body }: RawResponse) => ({
  status,
  headers: headers
    .filter(([name]) => !VARYING.has(name))
    .map(([name, value]) => [name, withoutIds(value).replace(/r=\d+;t=\d+/, '')])
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  body: withoutIds(body),
})
const withoutIds = (text: string) =>
  text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')

/** A request after some mutations. `finish` adds what depends on the way, such as the user and a signature. */
async function compare(finish: (way: Way) => RawRequest): Promise<number> {
  const [short, app] = await Promise.all(
    WAYS.map(async (way) => comparable(await postRaw(world.url, way, finish(way)))),
  )
  expect(short).toEqual(app)
  expect(short?.status).toBeGreaterThanOrEqual(200)
  expect(short?.status).toBeLessThan(500)
  return short?.status ?? 0
}

const mutations = fc.record({
  path: pathMutations,
  headers: fc.array(headerMutations, { maxLength: MUTATIONS_MAX }),
  body: fc.array(bodyMutations, { maxLength: MUTATIONS_MAX }),
})
const mutated = <Part>(part: Part, changes: readonly ((part: Part) => Part)[]): Part =>
  changes.reduce((whole, change) => change(whole), part)

test.each(['/usage/consume', '/usage/release', '/usage/check'])(
  '%s has the same response from the short cut and the app, whatever a caller sends',
  { timeout: TEST_MAX_MS },
  async (call) => {
    const seen = new Set<number>()
    await fc.assert(
      fc.asyncProperty(mutations, fc.nat(), async ({ path, headers, body }, key) => {
        const status = await compare((way) => ({
          path: path(BASE_PATH + call),
          headers: mutated(
            [
              ['Host', 'localhost'],
              ['Authorization', 'Bearer bk_dev_app'],
              ['Content-Type', 'application/json'],
              ['X-User-Id', users[way]],
              ['Idempotency-Key', `key-${key}`],
              ['X-Request-Id', 'mine'],
            ],
            headers,
          ),
          body: mutated(Buffer.from('{"feature":"messages_sent","amount":1}'), body),
        }))
        seen.add(status)
      }),
      { numRuns: RUNS, seed: SEED },
    )
    // Without these the requests were all refused, or all valid.
    expect([...seen]).toEqual(expect.arrayContaining([200, 400, 401, 415, 422]))
  },
)

test(
  'a webhook of Stripe has the same response from the short cut and the app, whatever is in it',
  { timeout: TEST_MAX_MS },
  async () => {
    const seen = new Set<number>()
    let count = 0
    await fc.assert(
      fc.asyncProperty(mutations, fc.boolean(), async ({ path, headers, body }, isSigned) => {
        count += 1
        const status = await compare((way) => {
          const event = anEvent({ id: `evt_${way === 'chunked' ? 'a' : 'b'}_${count}` })
          const payload = mutated(Buffer.from(JSON.stringify(event)), body)
          const signature = Stripe.webhooks.generateTestHeaderString({
            payload: payload.toString('utf8'),
            secret: isSigned ? world.webhookSecret : 'whsec_other',
          })
          return {
            path: path(`${BASE_PATH}/webhooks/stripe`),
            headers: mutated(
              [
                ['Host', 'localhost'],
                ['Content-Type', 'application/json'],
                ['Stripe-Signature', signature],
                ['X-Request-Id', 'mine'],
              ],
              headers,
            ),
            body: payload,
          }
        })
        seen.add(status)
      }),
      { numRuns: RUNS, seed: SEED },
    )
    expect([...seen]).toEqual(expect.arrayContaining([200, 400]))
  },
)
