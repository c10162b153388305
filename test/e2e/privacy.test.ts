import { randomBytes } from 'node:crypto'
import { defaultPayloadConverter } from '@temporalio/common'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

/** The whole content of a history, its payloads as they were sent. */
async function historyOf(world: World, subscriptionId: string): Promise<string> {
  const { client } = world.container.temporal
  const handle = client.workflow.getHandle(`subscription/${subscriptionId}`)
  const { events = [] } = await handle.fetchHistory()
  return textIn(events).join('\n')
}

function textIn(value: unknown): string[] {
  if (value instanceof Uint8Array) return [Buffer.from(value).toString()]
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, each]) => [name, ...textIn(each)])
    : []
}

/** A word of the card, of an update's request, of a result. */
const WORDS = ['Subscription ', 'period_end', 'planVersionId', 'checkoutUrl', 'observedSeq']

const operator = { authorization: 'Bearer bk_dev_operator' }

describe('data of a user in Temporal', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.close())

  test('includes their id, but neither their address nor a secret', async () => {
    const { id, user, email, ask } = await subscribe(world, 'plan_pro_monthly')
    await ask('PUT', '/cancellation', { when: 'period_end' })
    const history = await historyOf(world, id)
    expect(WORDS.filter((word) => !history.includes(word))).toEqual([])
    expect(history.includes(user)).toBe(true)
    const secrets = [email, 'sk_test', 'whsec_', 'bk_dev']
    expect(secrets.filter((secret) => history.includes(secret))).toEqual([])
  })
})

describe('with a key for payloads', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ payloadKeys: [{ id: '2026', key: randomBytes(32) }] })
  })
  afterAll(() => world.close())

  test('a subscription works as always, and its history reveals only the search attributes', async () => {
    const one = await subscribe(world, 'plan_pro_monthly')
    expect((await one.read()).status).toBe('active')
    await one.ask('PUT', '/cancellation', { when: 'period_end' })
    expect((await one.read()).cancel_at).not.toBeNull()
    const history = await historyOf(world, one.id)
    expect(WORDS.filter((word) => history.includes(word))).toEqual([])
  })

  test('operators’ tools decrypt over HTTP, others cannot, and a forgery is refused', async () => {
    const { payloadCodecs = [] } = world.container.temporal.dataConverter
    const [sealed] = await payloadCodecs[0]!.encode([defaultPayloadConverter.toPayload('a fact')])
    const base64 = (bytes: Uint8Array | null | undefined) =>
      Buffer.from(bytes ?? []).toString('base64')
    const metadata = Object.fromEntries(
      Object.entries(sealed!.metadata ?? {}).map(([name, value]) => [name, base64(value)]),
    )
    const decode = (data: string, headers: Record<string, string>) =>
      world.call('POST', '/admin/codec/decode', {
        headers,
        body: { payloads: [{ metadata, data }] },
      })
    const { status, body } = await decode(base64(sealed!.data), operator)
    expect(status).toBe(200)
    expect(Buffer.from(body.payloads[0].data, 'base64').toString()).toBe('"a fact"')
    expect(await decode(base64(sealed!.data), {})).toMatchObject({ status: 403 })
    expect(await decode(base64(randomBytes(60)), operator)).toMatchObject({ status: 422 })
  })
})
