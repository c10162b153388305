import { SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bodyOf } from '../../../api/webhooks/outgoing.ts'
import { eraseUser } from '../../../sync/erase-user.ts'
import { startApplication } from '../../support/application.ts'
import { newUser, subscribe, type Customer } from '../../support/customer.ts'
import { anEvent, deliver } from '../../support/webhook.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'a secret that signs the tokens of these tests'
const MINUTE_MS = 60_000
let world: World
beforeAll(async () => {
  // The stricter case: Stripe's addresses are followed, and must not undo the application's.
  world = await createWorld({
    emailOwner: 'stripe',
    access: { userTokens: { secret: SECRET } },
  })
})
afterAll(() => world.close())
afterEach(async () => {
  await fetch(`${world.simulator.url}/_simulator/faults`, { method: 'DELETE' })
})

const put = (user: string, body: unknown, given: { key?: string; operator?: boolean } = {}) =>
  world.call('PUT', '/customer', {
    user,
    body,
    ...(given.key && { key: given.key }),
    ...(given.operator && { headers: { authorization: 'Bearer bk_dev_operator' } }),
  })
const read = async (user: string) => (await world.call('GET', '/customer', { user })).body
/** Runs a round of the worker, `minutes` from now. */
const push = (minutes = 0) =>
  world.container.pushCustomerDetails(
    () => new Date(world.clock.now().getTime() + minutes * MINUTE_MS),
  )
const customerIdOf = async (who: Customer) => (await who.stripe()).customer as string
async function atStripe(who: Customer) {
  const found = await world.stripe.customers.retrieve(await customerIdOf(who))
  if (found.deleted) throw new Error('the customer was deleted')
  return { email: found.email, name: found.name }
}
const updates = async (who: Customer) =>
  (await who.timeline()).filter((kind) => kind === 'customer_updated').length
const fail = (kind: string) =>
  fetch(`${world.simulator.url}/_simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      kind,
      count: 1,
      method: 'POST',
      path: '/v1/customers/',
      ...(kind.includes('answer') && { status: 500 }),
    }),
  })
const addressOf = (user: string) => `new-${user}@example.com`

describe('an application that changes address and name', () => {
  test('is followed by letters, Stripe, the timeline and one webhook', async () => {
    const application = await startApplication(world)
    const who = await subscribe(world, 'plan_pro_monthly')
    const details = { email: addressOf(who.user), name: 'Ada Lovelace' }
    expect(await put(who.user, details)).toMatchObject({
      status: 200,
      body: { user_id: who.user, ...details, locale: 'en', time_zone: null },
    })
    expect(await push()).toBe(1)
    expect(await push(10)).toBe(0)
    expect(await atStripe(who)).toEqual(details)
    expect(await read(who.user)).toMatchObject(details)
    expect(await updates(who)).toBe(1)
    await who.ask('PUT', '/cancellation', { when: 'now' })
    await world.settled()
    expect(await world.mailsTo(details.email)).toHaveLength(1)
    expect(await world.mailsTo(who.email)).toHaveLength(1)
    await application.deliver()
    const sent = application.receiver.received
      .map(({ body }) => body)
      .filter(({ type }) => type === 'customer.updated')
    expect(sent).toHaveLength(1)
    expect(sent[0].data).toMatchObject({ user_id: who.user, actor: 'user', customer: details })
    expect(bodyOf('customer.updated').strict().safeParse(sent[0]).error).toBeUndefined()
    await application.close()
  })

  test('changes nothing with what the customer already has, with a repeat, or at once in two requests', async () => {
    const who = await subscribe(world, 'plan_free')
    const details = { email: addressOf(who.user) }
    const answers = await Promise.all([1, 2, 3, 4].map(() => put(who.user, details)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const key = `change-${who.user}`
    for (const _ of [1, 2]) await put(who.user, details, { key })
    expect(await updates(who)).toBe(1)
    expect(await put(who.user, { name: 'Another' }, { key })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
  })

  test('may change one of the two, and the other stays', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await put(who.user, { name: 'First' })
    await put(who.user, { email: addressOf(who.user) })
    await push()
    expect(await read(who.user)).toMatchObject({ name: 'First', email: addressOf(who.user) })
    expect(await atStripe(who)).toEqual({ name: 'First', email: addressOf(who.user) })
  })

  test('may do so before the first checkout, whose page and customer then have both', async () => {
    const user = newUser()
    expect(await world.call('GET', '/customer', { user })).toMatchObject({
      status: 404,
      body: { code: 'customer_not_found' },
    })
    await put(user, { email: addressOf(user), name: 'Early' })
    expect(await push()).toBe(0)
    const who = await subscribe(world, 'plan_pro_monthly', { user, body: { email: undefined } })
    await put(user, {})
    await push()
    expect(await atStripe(who)).toEqual({ email: addressOf(user), name: 'Early' })
  })

  test.each([
    ['email', 'ada'],
    ['email', 'a@example.com,b@example.com'],
    ['email', `${'a'.repeat(250)}@example.com`],
    ['name', ''],
    ['name', 'Ada\nBcc: eve@example.com'],
    ['name', 'x'.repeat(257)],
  ])('is refused with the %s %j', async (field, wrong) => {
    expect(await put(newUser(), { [field]: wrong })).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ field }] },
    })
  })
})

describe('an update of Stripe’s customer', () => {
  test.each(['answer', 'commit_then_answer', 'commit_then_reset'])(
    'arrives in a later round after the fault `%s`',
    async (kind) => {
      const who = await subscribe(world, 'plan_pro_monthly')
      expect((await fail(kind)).ok).toBe(true)
      await put(who.user, { name: 'Late' })
      await push()
      await push(1)
      expect(await atStripe(who)).toMatchObject({ name: 'Late' })
      expect(await push(60)).toBe(0)
    },
  )

  test('that was claimed by a process that died is sent when its claim ends', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await put(who.user, { name: 'Claimed' })
    await world.container.repositories.customerUpdates.claim(world.clock.now(), 2 * MINUTE_MS)
    expect(await push(1)).toBe(0)
    expect(await push(3)).toBe(1)
    expect(await atStripe(who)).toMatchObject({ name: 'Claimed' })
  })

  test('is never overtaken: a change meanwhile waits for the one under way, and is sent after it', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { customerUpdates } = world.container.repositories
    await put(who.user, { name: 'One' })
    const underWay = await customerUpdates.claim(world.clock.now(), 2 * MINUTE_MS)
    await put(who.user, { name: 'Two' })
    expect(await push()).toBe(0)
    await customerUpdates.done(underWay!, world.clock.now())
    expect(await push()).toBe(1)
    expect(await atStripe(who)).toMatchObject({ name: 'Two' })
  })

  test('is not undone by an event about Stripe’s older address', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await put(who.user, { email: addressOf(who.user) })
    const object = { id: await customerIdOf(who), object: 'customer', email: who.email }
    await deliver(world, anEvent({ type: 'customer.updated', object }))
    await world.settled()
    expect(await read(who.user)).toMatchObject({ email: addressOf(who.user) })
    await push()
    await world.settled()
    expect(await read(who.user)).toMatchObject({ email: addressOf(who.user) })
  })

  test('of a customer who was deleted at Stripe ends, and of an erased user is dropped', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.ask('PUT', '/cancellation', { when: 'now' })
    await world.settled()
    const id = await customerIdOf(who)
    await put(who.user, { email: addressOf(who.user), name: 'Gone' })
    const parts = {
      databaseUrl: world.database.url,
      stripe: world.stripe,
      temporal: world.container.temporal.client,
    }
    expect((await eraseUser(parts, who.user, world.clock.now())).kind).toBe('erased')
    expect(await push(10)).toBe(0)
    const { rows } = await world.database.pool.query(
      `select from customers where name = 'Gone' or email = $1 or user_id = $2`,
      [addressOf(who.user), who.user],
    )
    expect(rows).toEqual([])
    expect(await world.stripe.customers.retrieve(id)).toMatchObject({ deleted: true })
  })
})

describe('the caller', () => {
  test('may not be a user’s own token, which may read', async () => {
    const who = await subscribe(world, 'plan_free')
    const token = await new SignJWT({ sub: who.user })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(SECRET))
    const headers = { authorization: `Bearer ${token}` }
    expect(
      await world.call('PUT', '/customer', { headers, body: { email: addressOf(who.user) } }),
    ).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await world.call('GET', '/customer', { headers })).toMatchObject({
      status: 200,
      body: { user_id: who.user, email: who.email },
    })
  })

  test('may be an operator, whose action is recorded once and without the address', async () => {
    const who = await subscribe(world, 'plan_free')
    const key = `operator-${who.user}`
    for (const _ of [1, 2])
      await put(who.user, { email: addressOf(who.user) }, { key, operator: true })
    const { body } = await world.call('GET', `/admin/users/${who.user}/actions`, {
      headers: { authorization: 'Bearer bk_dev_operator' },
    })
    expect(body.actions).toMatchObject([
      { action: 'change_customer', user_id: who.user, before: null, after: { fields: ['email'] } },
    ])
    expect(JSON.stringify(body)).not.toContain(addressOf(who.user))
  })
})
