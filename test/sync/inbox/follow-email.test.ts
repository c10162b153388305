import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe, type Customer } from '../../support/customer.ts'
import { anEvent, deliver } from '../../support/webhook.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ emailOwner: 'stripe' })
})
afterAll(() => world.close())

const emailOf = async ({ user }: Customer) =>
  (await world.container.repositories.customers.find(user))?.email
const customerOf = async (who: Customer) => (await who.stripe()).customer as string

describe('an e-mail address that was changed at Stripe', () => {
  test('gets the letters from then on', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const email = `new-${who.user}@example.com`
    await world.stripe.customers.update(await customerOf(who), { email })
    await world.settled()
    expect(await emailOf(who)).toBe(email)
    await who.ask('PUT', '/cancellation', { when: 'now' })
    await world.settled()
    expect((await world.mailsTo(email)).map(({ subject }) => subject)).toHaveLength(1)
  })

  test('is read from Stripe, so a late event does not bring an old one back', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const id = await customerOf(who)
    const email = `newest-${who.user}@example.com`
    await world.stripe.customers.update(id, { email })
    await world.settled()
    const object = { id, object: 'customer', email: 'old@example.com' }
    await deliver(world, anEvent({ type: 'customer.updated', object }))
    await world.settled()
    expect(await emailOf(who)).toBe(email)
  })

  test('is not applied if it is not one address, or if the customer has no user here', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const before = await emailOf(who)
    const id = await customerOf(who)
    await world.stripe.customers.update(id, { email: 'a@example.com,b@example.com' })
    const stranger = await world.stripe.customers.create({ email: 'c@example.com' })
    await world.stripe.customers.update(stranger.id, { email: 'd@example.com' })
    await world.settled()
    expect(await emailOf(who)).toBe(before)
    const { rows } = await world.database.pool.query(
      `select from customers where email in ('c@example.com', 'd@example.com')`,
    )
    expect(rows).toEqual([])
  })
})
