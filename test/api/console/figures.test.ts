import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SETTLED, UNKNOWN_HERE } from '../../../domain/stripe/event.ts'
import { pagesOf, signInAtConsole } from '../../support/pages.ts'
import { aPayer } from '../../support/payer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
let cookie: string
beforeAll(async () => {
  world = await createWorld()
  cookie = (await signInAtConsole(world.url)).cookie
})
afterAll(() => world.close())

const page = (path: string) => pagesOf(world.url)(path, { cookie })
const day = (at: Date) => at.toISOString().slice(0, 10)

describe('the console', () => {
  test('counts only parked events that need a person, and lists the others with their reason', async () => {
    const park = (reason: string) =>
      world.database.pool.query(
        `insert into stripe_events (account, livemode, event_id, type, created_at, received_at, object_ids, state, reason, due_at)
         values ('', false, $1, 'customer.updated', now(), now(), '{}', 'parked', $2, now())`,
        [`evt_${randomUUID()}`, reason],
      )
    for (const reason of Object.values(SETTLED)) await park(reason)
    const needs = async () =>
      /Events that need a person[\s\S]*?class="badge (\w+)">(\d+)</
        .exec((await page('/console')).text)
        ?.slice(1)
    expect(await needs()).toEqual(['ok', '0'])
    await park(UNKNOWN_HERE)
    await park('it failed 30 times: <b>boom')
    await park('an operator decides about fraud warnings')
    expect(await needs()).toEqual(['warn', '3'])
    const { text } = await page('/console/inbox')
    const [, urgent = '', quiet = ''] =
      /Need a person([\s\S]*)Parked on purpose([\s\S]*)Parked events/.exec(text) ?? []
    expect(urgent).toContain('It belongs to no known subscription')
    expect(urgent).not.toContain('<b>boom')
    expect(quiet).toContain('The application owns e-mail addresses')
  })

  test('shows by how much MRR moved in each month', async () => {
    const since = world.clock.now()
    const payer = await aPayer(world)
    await payer.toRenewal()
    await payer.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' })
    await world.settled()
    await payer.after(31)
    const operator = { authorization: 'Bearer bk_dev_operator' }
    await world.call('POST', `/admin/subscriptions/${payer.id}/force-cancellation`, {
      headers: operator,
      body: { reason: 'a test' },
    })
    await world.settled()
    const until = new Date(world.clock.now().getTime() + 1_000)
    const moved = await world.container.repositories.figures.movements(since, until)
    expect(
      moved.map(({ newMinor, expansionMinor, endedMinor }) => [
        newMinor,
        expansionMinor,
        endedMinor,
      ]),
    ).toEqual([
      [0, 0, -50_000],
      [0, 48_000, 0],
      [2_000, 0, 0],
    ])
    const { text } = await page('/console/revenue')
    expect(text).toContain('aria-label="MRR gained and lost by month, in USD"')
    expect(text.match(/<rect class="gain"/g)).toHaveLength(12)
    for (const amount of ['+$20.00', '+$480.00', '-$500.00']) expect(text).toContain(amount)
  })
})

describe('an export', () => {
  test('is refused without a session and for days that are no range', async () => {
    expect((await pagesOf(world.url)('/console/exports/customers.csv')).status).toBe(303)
    for (const range of [
      '',
      '?from=2026-01-02&to=2026-01-01',
      '?from=2020-01-01&to=2026-01-01',
      '?from=x&to=y',
    ])
      expect([range, (await page(`/console/exports/invoices.csv${range}`)).status]).toEqual([
        range,
        409,
      ])
    expect((await page('/console/exports/usage.csv?form=2026-01-01')).status).toBe(422)
  })

  test('holds customers, invoices and usage, and no formula that a customer chose', async () => {
    const payer = await aPayer(world)
    await payer.consume(3)
    const evil = `=HYPERLINK("http://evil.example/${randomUUID()}")`
    await world.database.pool.query(
      'insert into customers (user_id, created_at) values ($1, now())',
      [evil],
    )
    const customers = await page('/console/exports/customers.csv')
    expect(customers.headers.get('content-type')).toContain('text/csv')
    expect(customers.headers.get('content-disposition')).toContain('attachment')
    expect(customers.text).toContain(`"'${evil.replaceAll('"', '""')}"`)
    expect(customers.text).toContain(`"${payer.user}"`)
    const now = world.clock.now()
    const range = `?from=${day(new Date(now.getTime() - 86_400_000))}&to=${day(now)}`
    const invoices = await page(`/console/exports/invoices.csv${range}`)
    expect(invoices.text).toMatch(
      new RegExp(`"${payer.user}","paid","subscription_create","usd",20,0,0,20,20,20,0,0,`),
    )
    const usage = await page(`/console/exports/usage.csv${range}`)
    expect(usage.text).toMatch(new RegExp(`"${payer.user}","messages_sent",[^,]+,[^,]+,3,10000,`))
  })
})
