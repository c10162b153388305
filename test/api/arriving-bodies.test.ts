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

const MEBIBYTE = 1_024 * 1_024
const FLOOD = 200
/** `BODY_BYTES_MAX` in bodies of this size. */
const HELD_MAX = 64

test('a flood of unfinished bodies cuts off its own, and the rest of it ends by its deadline', async () => {
  const flood = Array.from({ length: FLOOD }, beginBody)
  await until('all that are too many are cut off', async () => openOf(flood) <= HELD_MAX)
  const cutOff = flood.filter(({ isOpen }) => !isOpen())
  expect(cutOff.map(({ answer }) => answer().split('\r\n')[0])).toEqual(
    cutOff.map(() => 'HTTP/1.1 503 Service Unavailable'),
  )
  // Meanwhile everyone else is answered, by a short cut and by the app.
  for (let call = 0; call < HELD_MAX; call++) {
    const check = { user: 'ada', body: { feature: 'messages_sent' } }
    expect((await world.call('POST', '/usage/consume', check)).status).toBe(200)
    expect((await world.call('POST', '/usage/check', check)).status).toBe(200)
  }
  await until('no unfinished body is left', async () => openOf(flood) === 0)
  const last = flood.filter((each) => !cutOff.includes(each))
  expect(last.length).toBeGreaterThan(0)
  for (const { answer } of last) expect(answer()).toMatch(/^HTTP\/1.1 (408|503)/)
})

type Unfinished = { readonly isOpen: () => boolean; readonly answer: () => string }

const openOf = (flood: readonly Unfinished[]) => flood.filter(({ isOpen }) => isOpen()).length

/** A webhook whose body never ends. */
function beginBody(): Unfinished {
  const { send, received, isOpen } = connections.open()
  send(
    `POST ${BASE_PATH}/webhooks/stripe HTTP/1.1\r\nHost: api\r\nStripe-Signature: t=1,v1=0\r\nContent-Length: ${MEBIBYTE}\r\n\r\n{`,
  )
  return { isOpen, answer: received }
}
