import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscribe } from '../support/customer.ts'
import { dashboardPrice } from '../support/dashboard.ts'
import { pagesOf, signInAtConsole } from '../support/pages.ts'
import { createWorld, type World } from '../support/world.ts'

const SECRET = 'the secret of an issuer of tokens of users'

let world: World
beforeAll(async () => {
  world = await createWorld({ access: { userTokens: { secret: SECRET } } })
})
afterAll(() => world.close())

test('an item beside the plan is shown as foreign in the API, in the console and on the account page', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  const addOn = await dashboardPrice(world)
  await world.stripe.subscriptions.update((await who.stripe()).id, {
    items: [{ price: addOn, quantity: 3 }],
    proration_behavior: 'none',
  })
  await world.settled()
  const { id, items } = await who.stripe()
  const plan = { kind: 'plan', plan_id: 'plan_pro_monthly', version: 1, quantity: 1 }
  const foreign = {
    kind: 'foreign',
    stripe_item_id: items.data[1]?.id,
    stripe_price_id: addOn,
    product_name: 'By hand',
    quantity: 3,
    unit_amount_minor: 700,
    currency: 'usd',
  }
  const both = [{ ...plan, stripe_item_id: items.data[0]?.id }, foreign]
  expect((await who.read()).items).toEqual(both)
  await who.ask('PUT', '/cancellation', { when: 'period_end' })
  await who.ask('DELETE', '/cancellation')
  expect((await who.read()).items).toEqual(both)
  expect((await world.stripe.subscriptions.retrieve(id)).items.data).toHaveLength(2)
  const cookie = await signInAtConsole(world.url)
  const page = await pagesOf(world.url)(`/console/subscriptions/${who.id}`, cookie)
  expect(page.text).toContain('3 × By hand, $7.00 each')
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(who.user)
    .setExpirationTime(new Date(world.clock.now().getTime() + 3_600_000))
    .sign(new TextEncoder().encode(SECRET))
  const own = await pagesOf(world.url)('/account/session', { form: { token } })
  const account = await pagesOf(world.url)('/account', { cookie: own.cookie })
  expect(account.text).toContain('+ By hand × 3 · $21.00')
  const free = await subscribe(world, 'plan_free')
  expect((await free.read()).items).toEqual([
    { ...plan, plan_id: 'plan_free', stripe_item_id: null },
  ])
})
