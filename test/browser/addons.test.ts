import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { SignJWT } from 'jose'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAddon } from '../support/addons.ts'
import { subscribe } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'
import { hasChromium, launchChromium, visit } from './chromium.ts'

const PHONE = { width: 390, height: 844 }
const SCREEN = { width: 1_200, height: 800 }
const SECRET = 'the secret of an issuer of tokens of users'
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.skipIf(!hasChromium('the tests of add-ons in pages'))('add-ons in the pages', () => {
  let world: World
  let browser: Browser
  beforeAll(async () => {
    ;[world, browser] = await Promise.all([
      createWorld({ access: { userTokens: { secret: SECRET } } }),
      launchChromium(),
    ])
    await anAddon(world, 'message_pack', 500, 'Message pack')
    await anAddon(world, 'seat_pack', 900, 'Seat pack')
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
  })

  /** Wide and light, then narrow and dark: no mistake that axe finds, and nothing to scroll to the side. */
  async function expectAccessible(page: Page) {
    for (const [size, colorScheme] of [
      [SCREEN, 'light'],
      [PHONE, 'dark'],
    ] as const) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme })
      // Colors change slowly: axe would measure one in between.
      await page.evaluate(
        'Promise.allSettled(document.getAnimations().map(({ finished }) => finished))',
      )
      await page.evaluate(AXE)
      const { violations } = await page.evaluate<{
        violations: { id: string; nodes: { html: string }[] }[]
      }>('axe.run()')
      expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(
        true,
      )
    }
    await page.setViewportSize(SCREEN)
  }
  test('a customer adds, schedules fewer, and undoes it, with the keyboard alone', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { page, end } = await visit(browser)
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(who.user)
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(SECRET))
    await page.goto(`${world.url}/account/session#token=${token}`)
    await page.getByRole('button', { name: /^Continue as/ }).click()
    await page.getByRole('heading', { name: 'Your subscription' }).waitFor()
    await expectAccessible(page)
    const choose = async (units: string) => {
      await page.getByRole('link', { name: 'Add-ons' }).click()
      await page.getByLabel('Quantity: Message pack').fill(units)
      await expectAccessible(page)
      await page.keyboard.press('Enter')
      await page.getByRole('region', { name: 'Review your change' }).waitFor()
      await expectAccessible(page)
      await page.getByRole('button', { name: /^Confirm/ }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('Your change is confirmed.').waitFor()
      await world.settled()
      await page.goto(`${world.url}/account`)
    }
    await choose('2')
    await choose('1')
    await page.getByText('Changes to Pro with 1 × Message pack on').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Undo this change' }).click()
    await page.getByText('You keep your current plan.').waitFor()
    expect((await who.read()).pending_change).toBeNull()
    await end()
  })

  test('an operator makes an add-on, and changes those of a customer', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { page, end } = await visit(browser)
    await page.goto(`${world.url}/console`)
    await page.getByLabel('Operator API key').fill('bk_dev_operator')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.goto(`${world.url}/console/catalogue`)
    await page.locator('summary', { hasText: 'Add a plan' }).click()
    await expectAccessible(page)
    await page.goto(`${world.url}/console/catalogue/message_pack`)
    await page.locator('summary', { hasText: 'plans it fits' }).click()
    await expectAccessible(page)
    await page.goto(`${world.url}/console/subscriptions/${who.id}`)
    for (const fold of ['Change add-ons and quantity', 'E-mail and name', 'Net terms'])
      await page.locator('summary', { hasText: fold }).click()
    await expectAccessible(page)
    await page.getByLabel('Message pack').fill('3')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Review add-ons and quantity' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Change items and charge/ }).click()
    await page.getByText('Change of quantity and add-ons recorded.').waitFor()
    await expectAccessible(page)
    await world.settled()
    expect((await who.read()).items).toMatchObject([{}, { plan_id: 'message_pack', quantity: 3 }])
    await end()
  })
})
