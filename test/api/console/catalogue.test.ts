import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe } from '../../support/customer.ts'
import { askOperator } from '../../support/migrations.ts'
import { aPlanInConsole } from '../../support/console-plan.ts'
import { fieldsOf, pagesOf, signInAtConsole } from '../../support/pages.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
let session: { cookie: string; csrf: string }
beforeAll(async () => {
  world = await createWorld()
  session = await signInAtConsole(world.url)
})
afterAll(() => world.close())

const ask = (...request: Parameters<ReturnType<typeof pagesOf>>) => pagesOf(world.url)(...request)
const page = (path: string) => ask(path, { cookie: session.cookie })
const submit = (path: string, form: Record<string, string> = {}) =>
  ask(path, { cookie: session.cookie, form: { csrf: session.csrf, key: randomUUID(), ...form } })
const CATALOGUE = '/console/catalogue'
const aPlan = (fields?: Record<string, string>) => aPlanInConsole(world, submit, fields)

describe('the catalogue in the console', () => {
  test('publishes a draft only as it was reviewed', async () => {
    const { path, draft, act, publish, read } = await aPlan()
    await draft()
    await publish(1)
    expect(await read()).toMatchObject([
      { version: 1, on_sale: true, price: { amount_minor: 1_250 } },
    ])
    await draft({ base: '1', price: '15' })
    const review = await act(2, 'publish')
    for (const words of ['$12.50 per month', '$15.00 per month', 'It replaces version 1'])
      expect(review.text).toContain(words)
    expect((await read())[0]).toMatchObject({ version: 2, state: 'draft' })
    await draft({ base: '2', edit: 'yes', price: '1500' })
    const stale = await act(2, 'publish', fieldsOf(review.text))
    expect([stale.status, stale.text.includes('review it again')]).toEqual([409, true])
    expect((await publish(2)).location).toBe(`${path}?done=publish`)
    expect((await read())[0]).toMatchObject({ on_sale: true, price: { amount_minor: 150_000 } })
    expect((await act(2, 'publish', { confirmed: 'yes' })).status).toBe(409)
  })

  test('keeps the terms that its form does not show', async () => {
    const { slug, draft, read } = await aPlan()
    const terms = {
      quota_limit: 5,
      overage: 'bill',
      rollover_max: 3,
      alert_thresholds: [50],
      settle: 'strict',
    }
    await askOperator(world, 'POST', `/plans/${slug}/versions`, {
      period: 'monthly',
      price: { amount_minor: 100, currency: 'usd' },
      features: [{ code: 'messages_sent', ...terms }],
    })
    await draft({ base: '1', limit_messages_sent: '9' })
    expect((await read())[0].features).toMatchObject([{ ...terms, quota_limit: 9 }])
  })

  test('sells a period of any length that Stripe allows', async () => {
    const { path, draft, publish, read } = await aPlan()
    await draft({ every: '3' })
    await publish(1)
    expect(await read()).toMatchObject([{ period: { every: 3, unit: 'month' }, on_sale: true }])
    const { text } = await page(path)
    expect(text).toContain('$12.50 every 3 months')
    expect(text).toMatch(/name="every"[^>]*value="3"/)
  })

  test('makes an add-on, shows which plans it fits, and publishes only what was reviewed', async () => {
    const { slug, path, draft, act, publish } = await aPlan({
      kind: 'addon',
      fits_plan_pro_monthly: 'yes',
    })
    const read = async () => (await askOperator(world, 'GET', `/plans/${slug}`)).body
    expect(await read()).toMatchObject({ kind: 'addon', fits: ['plan_pro_monthly'] })
    await draft()
    const review = await act(1, 'publish')
    expect(review.text).toContain('Add-on for Pro.')
    const fits = { name: 'More', rank: '7', has_fits: 'yes', kind: 'addon' }
    await submit(`${path}/rename`, { ...fits, fits_plan_enterprise: 'yes' })
    expect((await read()).fits).toEqual(['plan_enterprise'])
    expect((await act(1, 'publish', fieldsOf(review.text))).text).toContain('review it again')
    expect((await publish(1)).location).toBe(`${path}?done=publish`)
    const { text } = await page(path)
    expect(text).toContain('Add-on for Enterprise')
    expect(text).not.toContain('Trial, in days')
    await submit(`${path}/rename`, fits)
    expect(await read()).toMatchObject({ name: 'More', kind: 'addon', fits: null })
  })

  test('names the mistake in an add-on: a plan that it cannot fit, and a trial', async () => {
    const { path, draft } = await aPlan({ kind: 'addon' })
    const wrong = { name: 'More', rank: '7', has_fits: 'yes', fits_plan_gone: 'yes' }
    const answer = await submit(`${path}/rename`, wrong)
    expect(answer.status).toBe(409)
    expect(answer.text).toContain('there is no base plan plan_gone')
    expect((await draft({ trial_days: '7' })).text).toContain('an add-on has no trial')
  })

  test('adds no plan twice: the second form would rename the first', async () => {
    const { slug } = await aPlan()
    const again = await submit(`${CATALOGUE}/plans`, { slug, name: 'Other', rank: '1' })
    expect([again.status, again.text.includes('exists already')]).toEqual([409, true])
  })

  test('names wrong terms, and saves nothing', async () => {
    const { draft, read } = await aPlan()
    for (const [wrong, words] of [
      [{ price: 'much' }, 'Enter the price'],
      [{ price: '1.999' }, 'Enter the price'],
      [{ trial_days: '9999' }, 'Trial days: must be at most 730.'],
      [{ every: '37' }, 'Period: must be monthly, yearly, or such as'],
      [{ limit_messages_sent: '-1' }, 'Limit: must be at least 0.'],
      [{ has_nonsense: 'yes' }, 'no such feature'],
    ] as const) {
      const { status, text } = await draft(wrong)
      expect([words, status, text.includes(words)]).toEqual([words, 409, true])
    }
    expect(await read()).toEqual([])
  })

  test('puts an older version on sale, retires and deletes, each with a checked box', async () => {
    const { path, draft, act, publish, read } = await aPlan()
    for (const version of [1, 2]) {
      await draft({ price: String(version) })
      await publish(version)
    }
    await draft({ price: '3' })
    for (const [version, name] of [
      [1, 'sell'],
      [2, 'retire'],
      [3, 'delete'],
    ] as const) {
      expect([name, (await act(version, name)).status]).toEqual([name, 409])
      const { location } = await act(version, name, { confirmed: 'yes' })
      expect(location).toBe(`${path}?done=${name}`)
    }
    expect(await read()).toMatchObject([
      { version: 2, state: 'retired' },
      { version: 1, on_sale: true },
    ])
    expect((await act(9, 'sell', { confirmed: 'yes' })).status).toBe(404)
    expect((await page(`${CATALOGUE}/..%2f`)).status).toBe(404)
  })

  test('adds and renames a feature, and deletes none that a version grants', async () => {
    const code = `feature_${randomUUID().replaceAll('-', '_')}`
    const feature = { code, name: '<u>Seats</u>', type: 'allocated', unit: '' }
    expect((await submit(`${CATALOGUE}/features`, feature)).status).toBe(303)
    expect((await submit(`${CATALOGUE}/features`, { ...feature, code: 'No!' })).text).toContain(
      'Code: must have',
    )
    expect((await submit(`${CATALOGUE}/features`, { ...feature, code: '' })).status).toBe(409)
    const again = await submit(`${CATALOGUE}/features`, { ...feature, name: 'Other' })
    expect(again.text).toContain('exists already')
    const renamed = await submit(`${CATALOGUE}/features`, {
      ...feature,
      edit: 'yes',
      name: 'Desks',
    })
    expect(renamed.status).toBe(303)
    expect((await page(CATALOGUE)).text).not.toContain('<u>')
    const remove = (of: string, form = {}) => submit(`${CATALOGUE}/features/${of}/delete`, form)
    expect((await remove('messages_sent', { confirmed: 'yes' })).text).toContain(
      'cannot be deleted',
    )
    expect((await remove(code)).status).toBe(409)
    expect((await remove(code, { confirmed: 'yes' })).status).toBe(303)
  })
})

describe('a migration in the console', () => {
  test('starts with the terms of its dry run, once, and only after a checked box', async () => {
    const { slug, draft, publish } = await aPlan()
    await draft({ price: '0' })
    await publish(1)
    const { read } = await subscribe(world, slug)
    await draft({ price: '0', limit_messages_sent: '500' })
    await publish(2)
    const form = await page(`/console/migrations/new?plan=${slug}`)
    expect(form.text).toContain('1 subscription')
    const wanted = { plan: slug, to: `${slug}/2`, when: 'now', canary_percent: '0', reason: 'more' }
    expect((await submit('/console/migrations/new', wanted)).text).toContain('From: is missing.')
    await submit('/console/migrations/new', { ...wanted, [`from_${slug}/1`]: 'yes' })
    const { planMigrations } = world.container.repositories
    await until(
      'the dry run has ended',
      async () => (await planMigrations.list(1))[0]?.state === 'reviewed',
    )
    const [dryRun] = await planMigrations.list(1)
    expect((await read()).plan.version).toBe(1)
    const path = `/console/migrations/${dryRun!.id}/begin`
    expect((await page('/console/migrations')).text).toContain(path)
    expect((await submit(path)).status).toBe(409)
    const confirmed = { confirmed: 'yes', key: randomUUID() }
    expect((await submit(path, confirmed)).location).toBe('/console/migrations?done=begin')
    await submit(path, confirmed)
    await until('the customer has version 2', async () => (await read()).plan.version === 2)
    const [started, before] = await planMigrations.list(2)
    expect([before!.id, started!.dryRun]).toEqual([dryRun!.id, false])
    const again = `/console/migrations/${started!.id}/begin`
    expect((await submit(again, { confirmed: 'yes' })).text).toContain('Start a new one')
    expect((await submit(`/console/migrations/${randomUUID()}/begin`)).status).toBe(404)
  })
})
