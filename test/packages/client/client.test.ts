import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import {
  createClient,
  eachOf,
  ProblemError,
  type Decision,
} from '../../../packages/client/index.ts'
import { newUser, subscribe } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'a secret of a test that is long enough'

let world: World
beforeAll(async () => {
  world = await createWorld({ access: { userTokens: { secret: SECRET } } })
})
afterAll(() => world.close())

const application = () => createClient({ baseUrl: `${world.url}/`, apiKey: 'bk_dev_app' })

describe('an application', () => {
  test('has a user begin, use, be refused and leave', async () => {
    const billing = application()
    const user = billing.forUser(newUser())
    const plans = await billing.plans.list()
    expect(plans.map(({ slug }) => slug)).toContain('plan_free')
    expect(await user.subscriptions.current()).toBeNull()

    const begun = await user.subscriptions.checkout({ plan_id: 'plan_free' })
    expect(begun).toMatchObject({ status: 'active', checkout_url: null })
    expect(await user.usage.check({ feature: 'messages_sent', amount: 100 })).toMatchObject({
      outcome: 'allowed',
      decided_by: 'service',
      used_amount: 0,
    })
    await user.usage.consume({ feature: 'messages_sent', amount: 100 })
    expect(await user.usage.consume({ feature: 'messages_sent' })).toMatchObject({
      outcome: 'refused',
      reason: 'quota_exceeded',
      decided_by: 'service',
      remaining: 0,
    })
    await user.usage.release({ feature: 'messages_sent', amount: 10 })
    const { reservation } = await user.usage.reserve({ feature: 'messages_sent', amount: 5 })
    await user.usage.settle(reservation?.id ?? '', 3)
    const { features } = await user.usage.current()
    expect(features.find(({ code }) => code === 'messages_sent')?.used_amount).toBe(93)

    await user.subscriptions.cancel(begun.subscription_id, { when: 'now' })
    expect(await user.subscriptions.current()).toBeNull()
    const kinds = (await user.subscriptions.timeline(begun.subscription_id)).map(({ kind }) => kind)
    expect(kinds.at(-1)).toBe('canceled')
  })

  test('gets a problem that names the refused command and the subscription', async () => {
    const life = await subscribe(world, 'plan_pro_monthly')
    const user = application().forUser(life.user)
    const again = user.subscriptions.checkout({ plan_id: 'plan_starter' })
    await expect(again).rejects.toBeInstanceOf(ProblemError)
    await expect(again).rejects.toMatchObject({
      code: 'subscription_exists',
      status: 409,
      subscriptionId: life.id,
      operation: 'POST /subscriptions/checkout',
    })
  })

  test('repeats a call under its own key, and is answered as the first time', async () => {
    const user = application().forUser(newUser())
    const once = { idempotencyKey: 'checkout-of-ada' }
    const first = await user.subscriptions.checkout({ plan_id: 'plan_free' }, once)
    expect(await user.subscriptions.checkout({ plan_id: 'plan_free' }, once)).toEqual(first)
  })

  test('reads every invoice, page by page', async () => {
    const life = await subscribe(world, 'plan_pro_monthly')
    for (let month = 1; month <= 2; month++) {
      const { period } = await life.read()
      await world.advanceTo(new Date(Date.parse(period.end) + 7_200_000))
    }
    const user = application().forUser(life.user)
    const ids: string[] = []
    for await (const { id } of user.invoices.each({ limit: 1 })) ids.push(id)
    const { invoices } = await user.invoices.list()
    expect(ids).toEqual(invoices.map(({ id }) => id))
    expect(ids).toHaveLength(3)
  })

  test('calls any operation by its name, those of operators too', async () => {
    const operator = createClient({ baseUrl: world.url, apiKey: 'bk_dev_operator' })
    const user = newUser()
    await operator.forUser(user).subscriptions.checkout({ plan_id: 'plan_free' })
    const granted = await operator.call('POST /admin/grants', {
      body: { user_id: user, feature: 'messages_sent', amount: 50, reason: 'welcome' },
    })
    expectTypeOf(granted).toHaveProperty('id')
    const drift = eachOf(async (after) => {
      const query = { limit: 1, ...(after !== undefined && { after }) }
      const { findings: items } = await operator.call('GET /admin/drift', { query })
      return { items, next: items.at(-1)?.key }
    })
    for await (const each of drift) expect(each.key).toBeTypeOf('string')
    await operator.call('PUT /admin/users/{user_id}/overrides/{feature}', {
      path: { user_id: user, feature: 'messages_sent' },
      body: { quota_limit: 7, reason: 'pilot' },
    })
    const { overrides } = await operator.call('GET /admin/users/{user_id}/overrides', {
      path: { user_id: user },
    })
    expect(overrides.map(({ quota_limit }) => quota_limit)).toEqual([7])
  })
})

describe('a user', () => {
  const tokenOf = (user: string) =>
    new SignJWT({ sub: user, exp: Math.floor(+world.clock.now() / 1_000) + 3_600 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET))

  test('reads and changes what is their own, with a token that is asked for anew', async () => {
    const user = newUser()
    let asked = 0
    const billing = createClient({
      baseUrl: world.url,
      userToken: () => {
        asked++
        return tokenOf(user)
      },
    })
    await billing.subscriptions.checkout({ plan_id: 'plan_free' })
    expect((await billing.usage.current()).plan).toBe('plan_free')
    expect(asked).toBe(2)
    expect(billing).not.toHaveProperty('usage.consume')
  })
})

test('a decision shows its figures only when the service made it', () => {
  expectTypeOf<Extract<Decision, { decided_by: 'policy' }>>().not.toHaveProperty('remaining')
  expectTypeOf<Extract<Decision, { decided_by: 'service' }>>().toHaveProperty('remaining')
})
