import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Subscription } from '../../../../domain/subscription/subscription.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { at, days, storeCustomer } from '../../../support/figures.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const figures = () => database.repositories.figures
const customer = (
  ...given: Parameters<typeof storeCustomer> extends [unknown, ...infer Rest] ? Rest : never
) => storeCustomer(database, ...given)

describe('a search', () => {
  const found = async (...request: Parameters<ReturnType<typeof figures>['search']>) =>
    (await figures().search(...request)).map(({ id }) => id)
  const ten = { limit: 10 }

  test('finds by any id of a subscription', async () => {
    const { id, userId } = await customer('active', {
      stripeSubscriptionId: 'sub_at_hand',
    })
    await database.repositories.customers.recordStripeCustomer(userId, 'cus_at_hand')
    await database.pool.query(
      `insert into invoices (id, subscription_id, status, currency, amount_due_minor, amount_paid_minor, period_start,
        period_end, attempt_count, created_at) values ('in_at_hand', $1, 'paid', 'usd', 1, 1, $2, $2, 0, $2)`,
      [id, at],
    )
    for (const text of [id, id.toUpperCase(), userId, 'sub_at_hand', 'cus_at_hand', 'in_at_hand'])
      expect(await found({ text }, ten)).toEqual([id])
    expect(await found({ text: 'sub_at_han' }, ten)).toEqual([])
  })

  test('finds by the start of a user’s id, without wildcards', async () => {
    const user = `100%_${randomUUID()}`
    const { id } = await customer('active', { userId: user as Subscription['userId'] })
    await customer('active', { userId: `100xx${randomUUID()}` as Subscription['userId'] })
    expect(await found({ text: '100%_' }, ten)).toEqual([id])
    expect(await found({ text: `'); drop table subscriptions; --` }, ten)).toEqual([])
    expect(await found({ text: '\\' }, ten)).toEqual([])
  })

  test('narrows by status and plan', async () => {
    const beginning = `narrow-${randomUUID()}`
    const of = (name: string) => `${beginning}-${name}` as Subscription['userId']
    const trial = await customer('trialing', { userId: of('a') })
    const yearly = await customer('active', { userId: of('b'), plan: 'plan_pro_yearly' })
    expect(await found({ text: beginning, status: 'trialing' }, ten)).toEqual([trial.id])
    expect(await found({ text: beginning, plan: 'plan_pro_yearly' }, ten)).toEqual([yearly.id])
    expect(
      await found({ text: beginning, status: 'trialing', plan: 'plan_pro_yearly' }, ten),
    ).toEqual([])
  })

  test('pages from the newest to the oldest, each subscription once', async () => {
    const beginning = `paged-${randomUUID()}`
    const stored = []
    // Two start at the same instant: their ids decide.
    for (const began of [-9, -8, -8, -7, -6])
      stored.push(
        await customer('active', {
          userId: `${beginning}-${stored.length}` as Subscription['userId'],
          began: days(began),
        }),
      )
    const all = await found({ text: beginning }, ten)
    expect([...all].sort()).toEqual(stored.map(({ id }) => id).sort())
    const turned: string[] = []
    for (let page = 0; page < 3; page += 1) {
      const after = turned.at(-1)
      turned.push(
        ...(await found({ text: beginning }, { limit: 2, ...(after !== undefined && { after }) })),
      )
    }
    expect(turned).toEqual(all)
  })

  test('shows a line as it is stored', async () => {
    const stored = await customer('past_due', { quantity: 2, cancelAt: days(20) })
    const [line] = await figures().search({ text: stored.id }, ten)
    expect(line).toEqual({
      id: stored.id,
      userId: stored.userId,
      status: 'past_due',
      plan: { slug: 'plan_pro_monthly', name: 'Pro', period: 'monthly' },
      currency: 'usd',
      quantity: 2,
      mrrMinor: 4_000,
      trialEnd: null,
      periodEnd: days(25),
      cancelAt: days(20),
      endedAt: null,
      drift: null,
      createdAt: stored.createdAt,
    })
  })
})
