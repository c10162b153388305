import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeActive } from '../../support/rows.ts'
import { createWorld, type World } from '../../support/world.ts'

const OPERATOR = { authorization: 'Bearer bk_dev_operator' }

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

describe('an operator’s search', () => {
  const found = async (q: string) => {
    const path = `/admin/subscriptions?q=${encodeURIComponent(q)}`
    const { body } = await world.call('GET', path, { headers: OPERATOR })
    return body.subscriptions.map(({ id }: { readonly id: string }) => id)
  }

  test('finds by e-mail address, invoice number, Stripe’s ids and user id, in any case', async () => {
    const name = `Bob-${randomUUID().slice(0, 8)}`
    const { id, userId } = await storeActive(world.database.repositories, {
      at: world.clock.now(),
      user: name,
    })
    const { pool } = world.database
    const stripeId = `sub_Ab${name}`
    await pool.query('update subscriptions set stripe_subscription_id = $2 where id = $1', [
      id,
      stripeId,
    ])
    await pool.query('update customers set stripe_customer_id = $2 where user_id = $1', [
      userId,
      `cus_Ab${name}`,
    ])
    await pool.query(
      `insert into invoices (id, subscription_id, number, status, currency, amount_due_minor, amount_paid_minor, period_start,
         period_end, attempt_count, created_at)
       values ($1, $2, $3, 'paid', 'usd', 1, 1, now(), now(), 1, now())`,
      [`in_Ab${name}`, id, `NUM-${name}`],
    )
    for (const text of [
      `${name}@example.com`,
      stripeId,
      `cus_Ab${name}`,
      `in_Ab${name}`,
      `NUM-${name}`,
      name,
    ])
      for (const written of [text, text.toLowerCase(), text.toUpperCase()])
        expect([written, await found(written)]).toEqual([written, [id]])
    expect(await found(name.slice(0, 6))).toContain(id)
    expect(await found('nobody@example.com')).toEqual([])
  })

  test('is not combined with filters that it does not have', async () => {
    const answer = await world.call('GET', '/admin/subscriptions?q=a&user_id=b', {
      headers: OPERATOR,
    })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'q' }] } })
  })
})
