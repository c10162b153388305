import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startMailInbox } from '../../dev/mail/inbox.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { CARDS } from '../support/checkout-page.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'
import { hasChromium, launchChromium, visit, type Visit } from './chromium.ts'

/** The narrowest phone on sale. */
const PHONE = { width: 360, height: 740 }

describe.skipIf(!hasChromium('the tests of the checkout page'))(
  'a customer at the checkout',
  () => {
    let world: World
    let worker: WorkerProcess
    let mail: Awaited<ReturnType<typeof startInbox>>
    let browser: Browser
    let visitor: Visit
    let page: Page

    beforeAll(async () => {
      ;[world, mail, browser] = await Promise.all([
        createWorld({ worker: false }),
        startInbox(),
        launchChromium(),
      ])
      const environment = { ...world.workerEnvironment, SMTP_URL: mail.smtpUrl }
      worker = await startWorkerProcess({ ...world, workerEnvironment: environment })
    })
    afterAll(async () => {
      await browser.close()
      await worker.stop()
      await world.close()
      await mail.close()
    })
    beforeEach(async () => {
      visitor = await visit(browser)
      page = visitor.page
    })
    afterEach(() => visitor.end())

    /** Opens the checkout page of a new user. */
    async function openCheckout(body: object = {}) {
      const user = `user-${randomUUID()}`
      const reply = await world.call('POST', '/subscriptions/checkout', {
        user,
        body: { plan_id: 'plan_pro_monthly', email: `${user}@example.com`, ...body },
      })
      expect(reply.status).toBe(201)
      const url: string = reply.body.checkout_url
      await page.goto(url)
      return { user, url, email: `${user}@example.com` }
    }
    const statusOf = async (user: string) =>
      (await world.call('GET', '/subscriptions/current', { user })).body.status
    const isActive = (user: string) =>
      until(`${user} is active`, async () => (await statusOf(user)) === 'active')
    const boughtBy = async (user: string) => {
      const { data } = await world.stripe.subscriptions.list({ limit: 100 })
      return data.filter(({ metadata }) => metadata['perennial_user_id'] === user)
    }
    const payButton = () => page.getByRole('button', { name: /^Pay / })
    const payWith = async (card: string) => {
      await page.getByLabel('card number').fill(card)
      await payButton().click()
    }
    const seeHeading = (name: string) => page.getByRole('heading', { name }).waitFor()

    test('pays with the keyboard only, gets an active subscription and one confirmation by e-mail', async () => {
      const user = `user-${randomUUID()}`
      const email = `${user}@example.com`
      const { body } = await world.call('POST', '/subscriptions/checkout', {
        user,
        body: { plan_id: 'plan_pro_monthly' },
      })
      await page.goto(body.checkout_url)
      await page.keyboard.press('Tab')
      await page.keyboard.type(email)
      await page.keyboard.press('Tab')
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.type('4242 4242 4242 4242')
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe(
        'Pay $20.00',
      )
      expect(await outlineOfFocus(page)).not.toBe('none')
      await page.keyboard.press('Enter')
      await seeHeading('Thank you')
      expect(new URL(page.url()).origin).toBe(world.url)

      await isActive(user)
      await world.settled()
      await until('the confirmation arrives', async () => (await mail.countTo(email)) > 0)
      await page.goto(mail.pageUrl)
      const row = page.getByRole('row').filter({ hasText: email })
      expect(await row.count()).toBe(1)
      await row.getByRole('link', { name: 'Your Pro subscription is active' }).click()
      const message = page.frameLocator('iframe')
      await message.getByText('Your subscription to Pro is active.').first().waitFor()
    })

    test('sees why a card was declined, and pays on the same page with another', async () => {
      const { user } = await openCheckout()
      await payWith(CARDS.declined)
      expect(await page.getByRole('alert').textContent()).toBe('Your card was declined.')
      expect(await statusOf(user)).toBe('incomplete')
      await payWith(CARDS.good)
      await seeHeading('Thank you')
      await isActive(user)
      expect(await boughtBy(user)).toHaveLength(1)
    })

    test('sees which test cards to use after entering another number', async () => {
      await openCheckout()
      await payWith('1234')
      expect(await page.getByRole('alert').textContent()).toContain('4242 4242 4242 4242')
    })

    test('completes a 3-D Secure challenge and gets an active subscription', async () => {
      const { user } = await openCheckout()
      await payWith(CARDS.threeDSecure)
      await seeHeading('Your bank asks')
      expect(await statusOf(user)).toBe('incomplete')
      await page.getByRole('button', { name: 'Complete' }).click()
      await seeHeading('Thank you')
      await isActive(user)
    })

    test('fails a 3-D Secure challenge, sees the error, and pays with another card', async () => {
      const { user } = await openCheckout()
      await page.getByRole('button', { name: 'Card that asks for 3-D Secure' }).click()
      await page.getByRole('button', { name: 'Fail' }).click()
      expect(await page.getByRole('alert').textContent()).toContain('could not authenticate')
      expect(await boughtBy(user)).toEqual([])
      await payWith(CARDS.good)
      await seeHeading('Thank you')
      await isActive(user)
    })

    test('goes back without paying, arrives at the cancel URL, and pays later', async () => {
      const cancelUrl = `${world.url}/checkout/canceled?from=test`
      const { user, url } = await openCheckout({ cancel_url: cancelUrl })
      await page.getByRole('link', { name: 'Back' }).click()
      await seeHeading('Nothing was charged')
      expect(page.url()).toBe(cancelUrl)
      expect(await statusOf(user)).toBe('incomplete')
      await page.goto(url)
      await payWith(CARDS.good)
      await seeHeading('Thank you')
      await isActive(user)
    })

    test('arrives at the success URL, which contains the session id', async () => {
      const success = `${world.url}/checkout/complete?session={CHECKOUT_SESSION_ID}`
      await openCheckout({ success_url: success })
      await payButton().click()
      await seeHeading('Thank you')
      expect(new URL(page.url()).searchParams.get('session')).toMatch(/^cs_test_/)
    })

    test('clicks twice and pays once', async () => {
      const { user } = await openCheckout()
      await payButton().dblclick({ noWaitAfter: true })
      await page.getByRole('heading', { name: /Thank you|Payment received/ }).waitFor()
      await isActive(user)
      await world.settled()
      const [bought, ...others] = await boughtBy(user)
      expect(others).toEqual([])
      const { data } = await world.stripe.invoices.list({ subscription: bought!.id })
      expect(data.map((invoice) => invoice.amount_paid)).toEqual([2_000])
    })

    test('returns to a paid page and sees that it is paid', async () => {
      const { url } = await openCheckout()
      await payButton().click()
      await seeHeading('Thank you')
      await page.goto(url)
      await seeHeading('Payment received')
      expect(await payButton().count()).toBe(0)
    })

    test('comes too late, and sees that the page has expired and nothing was charged', async () => {
      const { url, user } = await openCheckout()
      const { data } = await world.stripe.checkout.sessions.list({ status: 'open', limit: 100 })
      await world.stripe.checkout.sessions.expire(data.find((session) => session.url === url)!.id)
      await payButton().click()
      await seeHeading('This checkout has expired')
      await page.getByText('Nothing was charged.').waitFor()
      expect(await boughtBy(user)).toEqual([])
    })

    test('never scrolls sideways on a phone of 360 pixels', async () => {
      await page.setViewportSize(PHONE)
      const { url } = await openCheckout()
      const widths = [await widthOf(page)]
      await payWith(CARDS.declined)
      await page.getByRole('alert').waitFor()
      widths.push(await widthOf(page))
      await payWith(CARDS.threeDSecure)
      await seeHeading('Your bank asks')
      widths.push(await widthOf(page))
      await page.getByRole('button', { name: 'Complete' }).click()
      await seeHeading('Thank you')
      widths.push(await widthOf(page))
      await page.goto(url)
      widths.push(await widthOf(page))
      expect(Math.max(...widths)).toBeLessThanOrEqual(PHONE.width)
    })

    test('finds a label for each field', async () => {
      await openCheckout({ email: undefined })
      const names = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLInputElement>('input:not([type=hidden])')].map((input) =>
          [...(input.labels ?? [])].map((label) => label.textContent?.trim()),
        ),
      )
      expect(names).toEqual([['E-mail'], ['Test card number']])
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
      expect(await page.title()).toBe('Subscribe to Pro')
    })
  },
)

const widthOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth)

const outlineOfFocus = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)

/** Starts a mail inbox with a page. */
async function startInbox() {
  const directory = await mkdtemp(join(tmpdir(), 'perennial-browser-mail-'))
  const [smtpPort, pagePort] = [await anyFreePort(), await anyFreePort()]
  const clock = { now: () => new Date() }
  const onProblem = (problem: string) => console.error(problem)
  const inbox = await startMailInbox({ directory, smtpPort, pagePort, clock, onProblem })
  const pageUrl = `http://127.0.0.1:${pagePort}`
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    pageUrl,
    countTo: async (address: string) => {
      const response = await fetch(`${pageUrl}/api/messages?to=${encodeURIComponent(address)}`)
      return ((await response.json()) as { messages: unknown[] }).messages.length
    },
    close: async () => {
      await inbox.stop()
      await rm(directory, { recursive: true })
    },
  }
}
