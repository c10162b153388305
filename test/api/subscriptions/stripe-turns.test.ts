import { afterAll, beforeAll, expect, test } from 'vitest'
import { newUser } from '../../support/customer.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

/** As many users as may ask Stripe at once. */
const TURNS = 10

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

test('checkouts whose workflow does not answer hold no turn at Stripe', async () => {
  const order: string[] = []
  const checkout = async (user: string, name: string, body: object) => {
    const reply = await world.call('POST', '/subscriptions/checkout', {
      user,
      body: { plan_id: 'plan_pro_monthly', ...body },
    })
    order.push(name)
    return reply
  }
  const users = Array.from({ length: TURNS }, newUser)
  const waiting = users.map((user) => checkout(user, 'waiting', { if_subscribed: 'change' }))
  // Each customer is stored right before the workflow gets the command.
  await until('all checkouts wait for their workflow', async () => {
    const { customers } = world.container.repositories
    const found = await Promise.all(users.map((user) => customers.find(user)))
    return found.every((customer) => customer !== undefined)
  })
  const looked = await checkout(newUser(), 'asks Stripe', { coupon: 'unknown' })
  expect(looked.body.errors).toMatchObject([{ field: 'coupon' }])
  expect(order).toEqual(['asks Stripe'])
  await world.startWorker()
  const replies = await Promise.all(waiting)
  expect(replies.map(({ status }) => status)).toEqual(users.map(() => 201))
})
