import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_PATH } from '../../api/app.ts'
import { createRawConnections } from '../support/raw-connections.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let connections: ReturnType<typeof createRawConnections>
beforeAll(async () => {
  world = await createWorld({ worker: false })
  connections = createRawConnections(world)
})
afterAll(() => {
  connections.close()
  return world.close()
})

/** The HTTP adapter closes connections 500 ms after an answer, if its body was left unread. */
const OUTLIVED_MS = 800

type Refusal = readonly [
  status: number,
  line: string,
  headers: readonly string[],
  bodyBytes: number,
]
const APP = ['Authorization: Bearer bk_dev_app', 'X-User-Id: ada']
const JSON_TYPE = 'Content-Type: application/json'
const TEXT_TYPE = 'Content-Type: text/plain'
const POST = `POST ${BASE_PATH}`

const REFUSALS: readonly Refusal[] = [
  [401, `${POST}/usage/check`, [JSON_TYPE], 100],
  [401, `${POST}/usage/batch`, ['Authorization: Bearer bk_no_key', JSON_TYPE], 200_000],
  [403, `${POST}/admin/grants`, [...APP, JSON_TYPE], 100],
  [403, `${POST}/admin/grants`, [...APP, JSON_TYPE], 200_000],
  [404, `${POST}/nothing`, [...APP, JSON_TYPE], 100],
  [404, 'POST /nothing', [TEXT_TYPE], 200_000],
  [405, `PATCH ${BASE_PATH}/usage/check`, [...APP, JSON_TYPE], 100],
  [413, `${POST}/usage/check`, [...APP, JSON_TYPE], 2_000_000],
  [413, `${POST}/webhooks/stripe`, ['Stripe-Signature: t=1,v1=0'], 2_000_000],
  [415, `${POST}/usage/check`, [...APP, TEXT_TYPE], 100],
  [415, `${POST}/usage/consume`, [...APP, TEXT_TYPE], 100_000],
  [422, `${POST}/usage/check?emial=ada`, [...APP, JSON_TYPE], 100],
  [422, `${POST}/usage/check`, [...APP, 'X-User-Id: bob', JSON_TYPE], 100],
  [400, `${POST}/webhooks/stripe`, ['Content-Encoding: gzip', 'Stripe-Signature: t=1,v1=0'], 100],
  [303, 'POST /console/sign-out', [TEXT_TYPE, 'Sec-Fetch-Site: cross-site'], 100],
  [200, `GET ${BASE_PATH}/plans`, [JSON_TYPE], 100],
]

test.each(['with a length', 'chunked'] as const)(
  'a body that nobody reads is dropped, and the connection carries the next requests: %s',
  async (way) => {
    await Promise.all(
      REFUSALS.map(async ([status, line, headers, bytes]) => {
        const { send, answers, isOpen } = converse()
        const body = framed(way, 'x'.repeat(bytes))
        send(head(line, [...headers, ...body.headers]) + body.first)
        // The rest arrives after the server has begun to answer.
        await new Promise(setImmediate)
        send(body.rest)
        await until(`${line} is answered`, async () => answers().length === 1)
        expect([line, answers(), isOpen()]).toEqual([line, [status], true])
        const since = performance.now()
        while (performance.now() - since < OUTLIVED_MS) {
          const count = answers().length
          send(head('GET /healthz', []))
          await until(`${line} is followed`, async () => answers().length > count || !isOpen())
          expect([line, answers().at(-1), isOpen()]).toEqual([line, 200, true])
        }
      }),
    )
  },
)

test('a body that nobody reads and that does not end, ends its connection after the answer', async () => {
  await Promise.all(
    REFUSALS.map(async ([status, line, headers, bytes]) => {
      const { send, answers, isOpen, text } = converse()
      send(head(line, [...headers, `Content-Length: ${bytes}`]))
      await until(`${line} is closed`, async () => !isOpen())
      expect([line, answers()]).toEqual([line, [status]])
      expect(text()).toMatch(/^connection: close\r$/im)
    }),
  )
})

test('a body far above every limit is refused in words, and ends its connection', async () => {
  const { send, answers, isOpen, text } = converse()
  const huge = 64 * 1_024 * 1_024
  send(head(`${POST}/usage/check`, [...APP, JSON_TYPE, `Content-Length: ${huge}`]))
  send('x'.repeat(16 * 1_024 * 1_024 + 1))
  await until('the connection is closed', async () => !isOpen())
  expect(answers()).toEqual([413])
  expect(text()).toMatch(/^connection: close\r$/im)
})

const head = (line: string, headers: readonly string[]) =>
  [`${line} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n')

/** A body in two halves. */
function framed(way: 'with a length' | 'chunked', body: string) {
  const [first, rest] = [body.slice(0, body.length / 2), body.slice(body.length / 2)]
  if (way === 'with a length') return { headers: [`Content-Length: ${body.length}`], first, rest }
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
  return {
    headers: ['Transfer-Encoding: chunked'],
    first: chunk(first),
    rest: `${chunk(rest)}0\r\n\r\n`,
  }
}

/** A connection, and the statuses of the answers that arrived on it. */
function converse() {
  const { send, received, isOpen } = connections.open()
  return {
    send,
    answers: () => [...received().matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, code]) => Number(code)),
    text: received,
    isOpen,
  }
}
