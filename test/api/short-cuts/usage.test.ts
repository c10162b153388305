import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_PATH } from '../../../api/app.ts'
import { postOn, type Given, type Way } from './both-ways.ts'
import { storeActive } from '../../support/rows.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
/** All begin at the same instant, so that their answers are alike to the millisecond. */
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
  'what fits': { body: counted({ amount: 60 }) },
  'what does not fit': { body: counted({ amount: 101 }) },
  'no amount': { body: counted({}) },
  'a feature that nobody has': { body: JSON.stringify({ feature: 'nothing' }) },
  'an event of yesterday': { body: counted({ occurred_at: '2020-01-01T00:00:00Z' }) },
  'an amount of nothing': { body: counted({ amount: 0 }) },
  'an amount in words': { body: counted({ amount: 'one' }) },
  'an unknown field': { body: counted({ amount: 1, colour: 'red' }) },
  'half a body': { body: '{"feature": ' },
  'no object': { body: '7' },
  'another media type': { body: counted({}), headers: { 'content-type': 'text/plain' } },
  'a long body': { body: counted({ feature: 'x'.repeat(5_000) }) },
  'a key that is too long': { body: counted({}), headers: { 'idempotency-key': 'k'.repeat(256) } },
  'a key that is ours': { body: counted({}), headers: { 'idempotency-key': 'reservation/1' } },
  'no key of ours': { body: counted({}), headers: { authorization: 'Bearer nobody' } },
  'an operator of another scope': { body: counted({}), headers: { authorization: 'Basic eA==' } },
  'a user id that is too long': { body: counted({}), headers: { 'x-user-id': 'u'.repeat(129) } },
}

for (const path of ['/usage/consume', '/usage/release'])
  test.each(Object.entries(VARIANTS))(
    `${path} answers %s the same on either way`,
    async (_, given) => {
      expect(await ask('plain', path, given)).toEqual(await ask('chunked', path, given))
    },
  )

test('a request without an id of its own gets one, a bad one is replaced', async () => {
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

/** Sends over a bare connection, so that nothing on the way tidies up. */
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

test('of a header that comes twice no half is believed', async () => {
  const body = counted({})
  const keys = ['authorization: Bearer bk_dev_app', 'authorization: Bearer nobody']
  expect(await sendRaw(raw(body, body.length, ...keys))).toMatch(/^HTTP\/1\.1 401 /)
})

test('a caller who leaves in the middle of a body is forgotten, and the next one is served', async () => {
  const body = counted({})
  const answer = await sendRaw(raw(body, body.length + 10, 'authorization: Bearer bk_dev_app'))
  expect(answer).not.toMatch(/^HTTP\/1\.1 200 /)
  expect(await ask('plain', '/usage/consume', { body })).toMatchObject({ status: 200 })
})
