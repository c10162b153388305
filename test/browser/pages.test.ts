import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newUser, subscribe } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'
import { hasChromium, launchChromium, visit, type Visit } from './chromium.ts'

/** The narrowest phone on sale. */
const PHONE = { width: 360, height: 740 }
const SECRET = 'the secret of an issuer of tokens of users'
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.skipIf(!hasChromium('the tests of console and account page'))(
  'console and account page',
  () => {
    let world: World
    let browser: Browser
    let visitor: Visit
    let page: Page
    let application: Awaited<ReturnType<typeof startApplication>>

    beforeAll(async () => {
      application = await startApplication()
      ;[world, browser] = await Promise.all([
        createWorld({
          access: { userTokens: { secret: SECRET }, corsOrigins: [application.origin] },
        }),
        launchChromium(),
      ])
      application.embeds(`${world.url}/assets/embed.js`)
    })
    afterAll(async () => {
      await browser.close()
      await world.close()
      application.server.close()
    })
    beforeEach(async () => {
      visitor = await visit(browser)
      page = visitor.page
    })
    afterEach(() => visitor.end())

    const tokenFor = (user: string) =>
      new SignJWT({ email: `${user}@example.com` })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(user)
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(SECRET))

    async function signIn() {
      await page.goto(`${world.url}/console`)
      await page.getByLabel('Operator API key').fill('bk_dev_operator')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Overview' }).waitFor()
    }
    async function openAccount(user: string) {
      await page.goto(`${world.url}/account/session#token=${await tokenFor(user)}`)
      await page.getByRole('button', { name: /^(Continue|Continuar) (as|como) / }).click()
      await page.getByRole('heading', { name: /Your subscription|Sua assinatura/ }).waitFor()
    }

    describe('an operator', () => {
      test('signs in, finds a customer, sees their usage and cancels for them', async () => {
        const { user, consume, read } = await subscribe(world, 'plan_pro_monthly')
        await consume(9_000)
        await signIn()
        await page.locator('figure.chart.drawn canvas').waitFor()
        await page.getByRole('link', { name: 'Subscriptions' }).click()
        await page.getByLabel('User, e-mail, invoice number or id').fill(user.slice(0, 20))
        await page.getByRole('button', { name: 'Search' }).click()
        await page.getByRole('link', { name: user }).click()
        await page.getByRole('heading', { name: user }).waitFor()
        await page.getByText('9,000 of 10,000', { exact: true }).waitFor()
        await page.locator('figure.chart.drawn canvas').waitFor()
        await page.locator('summary', { hasText: /^Cancel$/ }).click()
        await page.getByRole('button', { name: 'Cancel subscription' }).click()
        await page.getByText('Cancellation recorded.').waitFor()
        expect((await read()).cancel_at).not.toBeNull()
        const workflow = page.getByRole('link', { name: 'Open in Temporal' })
        expect(await workflow.getAttribute('href')).toMatch(/workflows\/subscription%2F/)
        await page.getByRole('button', { name: 'Sign out' }).click()
        await page.getByLabel('Operator API key').waitFor()
        await page.goto(`${world.url}/console`)
        expect(page.url()).toBe(`${world.url}/console/sign-in`)
      })

      test('can read each chart as a table', async () => {
        await signIn()
        await page.getByText('Show as a table').click()
        expect(await page.locator('figure.chart .table-of-chart tbody tr').count()).toBe(90)
      })

      test('sees a user id that is a script as text, and nothing runs', async () => {
        const name = `<img src=x onerror=document.title='hacked'>${randomUUID()}`
        const { user } = await subscribe(world, 'plan_free')
        const { pool } = world.database
        await pool.query('insert into customers (user_id, created_at) values ($1, now())', [name])
        await pool.query('update subscriptions set user_id = $1 where user_id = $2', [name, user])
        await signIn()
        await page.goto(`${world.url}/console/subscriptions?q=%3Cimg`)
        await page.getByRole('link', { name: '<img' }).click()
        await page.getByRole('heading', { name: '<img' }).waitFor()
        expect(await page.title()).toContain('<img')
        expect(await page.locator('main img').count()).toBe(0)
      })
    })

    describe('a user', () => {
      test('changes the plan at the price shown, and withdraws a cancellation', async () => {
        const { user, read, stripeInvoices } = await subscribe(world, 'plan_pro_monthly')
        await openAccount(user)
        expect(page.url()).not.toContain('token')
        await page.getByRole('link', { name: 'Change plan' }).click()
        await page.getByRole('link', { name: 'Choose: Enterprise' }).click()
        const confirm = page.getByRole('button', { name: /^Confirm and pay \$/ })
        const shown = Number((await confirm.textContent())?.replaceAll(/[^\d]/g, ''))
        await confirm.click()
        await page.getByText('Your plan change is confirmed.').waitFor()
        await world.settled()
        expect((await read()).plan.slug).toBe('plan_enterprise')
        expect((await stripeInvoices())[0]?.amount_paid).toBe(shown)

        await page.locator('summary', { hasText: 'Cancel subscription' }).click()
        await page.getByRole('button', { name: 'Cancel subscription' }).click()
        await page.getByText('Your cancellation is confirmed.').waitFor()
        await page.getByRole('button', { name: 'Keep my subscription' }).click()
        await page.getByText('Welcome back').waitFor()
        expect((await read()).cancel_at).toBeNull()
      })

      test('uses the page in a frame of their application, in Portuguese', async () => {
        const { user, read } = await subscribe(world, 'plan_pro_monthly')
        application.signsIn(await tokenFor(user))
        await page.goto(`${application.origin}/?locale=pt`)
        const frame = page.frameLocator('iframe')
        await frame.getByRole('heading', { name: 'Sua assinatura' }).waitFor()
        await frame.locator('summary', { hasText: 'Cancelar assinatura' }).click()
        await frame.getByRole('button', { name: 'Cancelar assinatura' }).click()
        await frame.getByText('Seu cancelamento foi registrado.').waitFor()
        expect((await read()).cancel_at).not.toBeNull()
        // The frame is as high as the page, so nothing scrolls inside it.
        const inner = page.frames()[1]!
        await expect
          .poll(() =>
            inner.evaluate(
              () => document.documentElement.scrollHeight <= globalThis.innerHeight + 1,
            ),
          )
          .toBe(true)
      })

      test('never sends a token to a page of another origin', async () => {
        const stranger = await startApplication()
        stranger.embeds(`${world.url}/assets/embed.js`)
        stranger.signsIn(await tokenFor(newUser()))
        const other = await browser.newPage()
        await other.goto(stranger.origin)
        await expect.poll(() => other.frames()[1]?.url()).toMatch(/^chrome-error:/)
        await other.close()
        stranger.server.close()
      })
    })

    describe('every page', () => {
      test('passes all WCAG 2.1 checks in light and dark mode', async () => {
        const { user, id, consume } = await subscribe(world, 'plan_pro_monthly')
        await consume(10_000)
        await page.goto(`${world.url}/console/sign-in`)
        const broken = await violations(page)
        await signIn()
        await openAccount(user)
        const paths = [
          '/console',
          '/console/subscriptions',
          `/console/subscriptions/${id}`,
          '/console/inbox?state=done',
          '/console/drift',
          '/console/migrations',
          '/account',
          `/account/subscriptions/${id}/plan`,
          `/account/subscriptions/${id}/plan/plan_enterprise`,
        ]
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          for (const path of paths) {
            await page.goto(`${world.url}${path}`)
            for (const summary of await page.locator('summary').all()) await summary.click()
            broken.push(...(await violations(page)))
          }
        }
        expect(broken).toEqual([])
      })

      test('fits a phone of 360 pixels', async () => {
        await page.setViewportSize(PHONE)
        const { user, id } = await subscribe(world, 'plan_pro_monthly', {
          user: `u-${'x'.repeat(100)}`,
        })
        await signIn()
        await openAccount(user)
        const paths = [
          '',
          '/subscriptions',
          `/subscriptions/${id}`,
          '/inbox?state=done',
          '/drift',
          '/migrations',
        ]
        const own = ['', `/subscriptions/${id}/plan`, `/subscriptions/${id}/plan/plan_enterprise`]
        const wide = []
        for (const path of [
          ...paths.map((at) => `/console${at}`),
          ...own.map((at) => `/account${at}`),
        ]) {
          await page.goto(`${world.url}${path}`)
          const width = await page.evaluate(() => document.documentElement.scrollWidth)
          if (width > PHONE.width) wide.push([path, width])
        }
        expect(wide).toEqual([])
      })

      test('can be used with the keyboard, starting with a skip link', async () => {
        await signIn()
        await page.keyboard.press('Tab')
        expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
          'Skip to content',
        )
        await page.keyboard.press('Tab')
        const outline = await page.evaluate(
          () => getComputedStyle(document.activeElement!).outlineStyle,
        )
        expect(outline).toBe('solid')
      })
    })
  },
)

/** The violations that axe finds. `evaluate` runs it although the page's policy forbids foreign scripts. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: (options: object) => Promise<{
          violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]
        }>
      }
    }
    const { violations: all } = await axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    })
    return all.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
  })
  return found.map((line) => `${new URL(page.url()).pathname}: ${line}`)
}

/** Starts an application whose page shows the account page in a frame. */
async function startApplication() {
  let script = ''
  let token = ''
  const server: Server = createServer((request, response) => {
    const locale = new URL(request.url ?? '/', 'http://here').searchParams.get('locale')
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>App</title><main></main><script src="${script}"></script>
      <script>perennial.account(document.querySelector('main'), {
        token: async () => '${token}', ${locale === null ? '' : `locale: '${locale}'`} })</script>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    server,
    origin: `http://127.0.0.1:${port}`,
    embeds: (url: string) => (script = url),
    signsIn: (given: string) => (token = given),
  }
}
