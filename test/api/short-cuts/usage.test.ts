import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_PATH } from '../../../api/app.ts'
import { postOn, type Given, type Way } from './both-ways.ts'
import { storeActive } from '../../support/rows.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
/** All subscriptions start at the same instant, so that their responses are equal to the millisecond. */
let at: Date
beforeAll(async () => {
  world = await createWorld({ worker: false })
  at = world.clock.now()
})
afterAll(() => world.close())

async function ask(way: Way, path: string, { body, headers }: Given) {
  const { userId } = await storeActive(world.database.repositories, { at })
  const caller = { authorization: 'Bearer bk_dev_app', 'x-user-id': userId }
  return postOn(way, world, path, { body, headers: { ...caller, ...headers } })
}

const counted = (fields: object) => JSON.stringify({ feature: 'messages_sent', ...fields })
const VARIANTS: Readonly<Record<string, Given>> = {
  'usage within the limit': { body: counted({ amount: 60 }) },
  'usage above the limit': { body: counted({ amount: 101 }) },
  'a default amount': { body: counted({}) },
  'an unknown feature': { body: JSON.stringify({ feature: 'nothing' }) },
  'a late event': { body: counted({ occurred_at: '2020-01-01T00:00:00Z' }) },
  'an amount of zero': { body: counted({ amount: 0 }) },
  'an amount as text': { body: counted({ amount: 'one' }) },
  'an unknown field': { body: counted({ amount: 1, colour: 'red' }) },
  'invalid JSON': { body: '{"feature": ' },
  'a number as the body': { body: '7' },
  'another media type': { body: counted({}), headers: { 'content-type': 'text/plain' } },
  'a long body': { body: counted({ feature: 'x'.repeat(5_000) }) },
  'a key that is too long': { body: counted({}), headers: { 'idempotency-key': 'k'.repeat(256) } },
  'a reserved key': { body: counted({}), headers: { 'idempotency-key': 'reservation/1' } },
  'an unknown API key': { body: counted({}), headers: { authorization: 'Bearer nobody' } },
  'basic authentication': { body: counted({}), headers: { authorization: 'Basic eA==' } },
  'a user id that is too long': { body: counted({}), headers: { 'x-user-id': 'u'.repeat(129) } },
}

for (const path of ['/usage/consume', '/usage/release', '/usage/check'])
  test.each(Object.entries(VARIANTS))(
    `${path} has the same response to %s from the short cut and the app`,
    async (_, given) => {
      expect(await ask('with length', path, given)).toEqual(await ask('chunked', path, given))
    },
  )

test('a missing or invalid request id is replaced by a new one', async () => {
  const ids = await Promise.all(
    [undefined, 'has spaces'].map(async (id) => {
      const { headers } = await world.call('POST', '/usage/consume', {
        user: `user-${randomUUID()}`,
        body: { feature: 'messages_sent' },
        ...(id !== undefined && { headers: { 'x-request-id': id } }),
      })
      return headers.get('x-request-id')
    }),
  )
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/)
})

/** Sends over a TCP connection, so that no HTTP client corrects the request. */
function sendRaw(text: string): Promise<string> {
  const { port, hostname } = new URL(world.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.end(text))
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

const raw = (body: string, length: number, ...headers: string[]) =>
  [
    `POST ${BASE_PATH}/usage/consume HTTP/1.1`,
    'host: localhost',
    'connection: close',
    'content-type: application/json',
    `content-length: ${length}`,
    'x-user-id: somebody',
    ...headers,
    '',
    body,
  ].join('\r\n')

test('a duplicate Authorization header is refused', async () => {
  const body = counted({})
  const keys = ['authorization: Bearer bk_dev_app', 'authorization: Bearer nobody']
  expect(await sendRaw(raw(body, body.length, ...keys))).toMatch(/^HTTP\/1\.1 401 /)
})

test('a client that disconnects during the body does not affect the next one', async () => {
  const body = counted({})
  const answer = await sendRaw(raw(body, body.length + 10, 'authorization: Bearer bk_dev_app'))
  expect(answer).not.toMatch(/^HTTP\/1\.1 200 /)
  expect(await ask('with length', '/usage/consume', { body })).toMatchObject({ status: 200 })
})
