import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { aPlanOfVersions, migrate } from '../support/migrations.ts'
import { subscribe } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'
import { hasChromium, launchChromium, visit, type Visit } from './chromium.ts'

describe.skipIf(!hasChromium('the tests of operator actions'))('an operator', () => {
  let world: World
  let browser: Browser
  let visitor: Visit
  let page: Page
  beforeAll(async () => {
    ;[world, browser] = await Promise.all([createWorld(), launchChromium()])
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
  })
  beforeEach(async () => {
    visitor = await visit(browser)
    page = visitor.page
    await page.goto(`${world.url}/console`)
    await page.getByLabel('Operator API key').fill('bk_dev_operator')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
  })
  afterEach(() => visitor.end())

  test('cancels a subscription by force, but only with a reason and a confirmation', async () => {
    const { id, read } = await subscribe(world, 'plan_pro_monthly')
    await page.goto(`${world.url}/console/subscriptions/${id}`)
    await page.locator('summary', { hasText: 'Force cancel' }).click()
    const button = page.getByRole('button', { name: 'Force cancel' })
    await button.click()
    expect((await read()).status).toBe('active')
    await page.locator('#force_reason').fill('asked by phone')
    await button.click()
    expect((await read()).status).toBe('active')
    await page.getByRole('checkbox', { name: 'Access ends immediately' }).check()
    await button.click()
    await page.getByText('Subscription canceled, here and at Stripe.').waitFor()
    expect((await read()).status).toBe('canceled')
  })

  test('approves a migration after its canary, and rolls all of it back', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ quota: 10 })
    const customers = await Promise.all([1, 2].map(() => subscribe(world, slug)))
    await publish({ quota: 30 })
    const versions = [
      { plan: slug, version: 1 },
      { plan: slug, version: 2 },
    ]
    const job = await migrate(world, {
      from: [versions[0]],
      to: versions[1],
      when: 'now',
      canary_percent: 50,
    })
    await job.reaches('awaiting_approval')
    await page.getByRole('link', { name: 'Migrations' }).click()
    await page.getByRole('button', { name: 'Approve and continue' }).click()
    await page.getByText('The migration was updated.').waitFor()
    await job.reaches('done')
    await page.goto(`${world.url}/console/migrations`)
    await page.locator('summary', { hasText: 'Roll back' }).click()
    await page.getByLabel('Moved subscriptions return').check()
    await page.getByRole('button', { name: 'Roll back' }).click()
    await page.getByText('The migration was updated.').waitFor()
    await job.reaches('rolled_back')
    expect((await customers[0]!.read()).plan.version).toBe(1)
  })
})
