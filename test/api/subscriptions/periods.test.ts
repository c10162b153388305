import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscribe } from '../../support/customer.ts'
import { aPlanOfVersions } from '../../support/migrations.ts'
import { pagesOf, signInAtConsole } from '../../support/pages.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const EVERY_3_MONTHS = { every: 3, unit: 'month' }

test('a quarterly plan is named with its period wherever a price is shown', async () => {
  const { slug, publish } = await aPlanOfVersions(world, 12)
  await publish({ priceMinor: 3_000, period: '3 months' })
  const { body: list } = await world.call('GET', '/plans')
  expect(list.plans.find((plan: { slug: string }) => plan.slug === slug)).toMatchObject({
    period: EVERY_3_MONTHS,
  })
  const who = await subscribe(world, slug)
  const { plan, period } = await who.read()
  expect(plan).toMatchObject({ slug, period: EVERY_3_MONTHS })
  const [start, end] = [new Date(period.start), new Date(period.end)]
  expect((end.getUTCMonth() - start.getUTCMonth() + 12) % 12).toBe(3)
  const [item] = (await who.stripe()).items.data
  expect(item?.price.recurring).toMatchObject({ interval: 'month', interval_count: 3 })

  const { revenue } = await world.container.repositories.figures.overview(world.clock.now())
  expect(revenue).toMatchObject([{ currency: 'usd', mrrMinor: 1_000 }])
  const { cookie } = await signInAtConsole(world.url)
  const page = await pagesOf(world.url)(`/console/subscriptions/${who.id}`, { cookie })
  expect(page.text).toContain('$30.00 every 3 months')

  await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly', when: 'period_end' })
  await who.ask('PUT', '/plan', { plan_id: slug, when: 'period_end', quantity: 2 })
  await world.settled()
  const letters = await world.mailsTo(who.email)
  expect(letters[0]?.text).toContain('$60.00 every 3 months')
  await who.ask('DELETE', '/plan/pending')
  await world.advanceTo(end)
  await world.settled()
  const renewed = await who.read()
  expect(renewed.period.start).toBe(period.end)
})

test('a change between weeks, quarters and months is an upgrade or is scheduled, by what it costs', async () => {
  const [weekly, quarterly] = [await aPlanOfVersions(world, 10), await aPlanOfVersions(world, 10)]
  await weekly.publish({ priceMinor: 500, period: '1 week' })
  await quarterly.publish({ priceMinor: 5_500, period: '3 months' })
  const who = await subscribe(world, weekly.slug)
  const upgraded = await who.ask('PUT', '/plan', { plan_id: quarterly.slug })
  expect(upgraded.body).toMatchObject({ plan: { slug: quarterly.slug }, pending_change: null })
  const lower = await who.ask('PUT', '/plan', { plan_id: weekly.slug })
  expect(lower.body.pending_change).toMatchObject({ kind: 'scheduled', plan: weekly.slug })
  const end = new Date(lower.body.period.end)
  await world.advanceTo(new Date(end.getTime() + 8 * 86_400_000))
  await world.settled()
  const later = await who.read()
  expect(later).toMatchObject({ plan: { slug: weekly.slug, period: { every: 1, unit: 'week' } } })
  expect(Date.parse(later.period.start)).toBe(end.getTime() + 7 * 86_400_000)
  const [latest] = await who.stripeInvoices()
  expect(latest).toMatchObject({ amount_paid: 500 })
})
