import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csrfOf, pagesOf } from '../../support/pages.ts'
import { askOperator } from '../../support/migrations.ts'
import { newUser, subscribe, unpaidCustomer } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'the secret of an issuer of tokens of users'
const APP = 'https://app.example'

let world: World
beforeAll(async () => {
  world = await createWorld({
    access: { userTokens: { secret: SECRET }, corsOrigins: [APP] },
  })
})
afterAll(() => world.close())

const ask = (...request: Parameters<ReturnType<typeof pagesOf>>) => pagesOf(world.url)(...request)

const tokenFor = (user: string, minutes = 60) =>
  new SignJWT({ email: `${user}@example.com` })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime(new Date(world.clock.now().getTime() + minutes * 60_000))
    .sign(new TextEncoder().encode(SECRET))

async function signIn(user: string, given: { minutes?: number; query?: string } = {}) {
  const form = { token: await tokenFor(user, given.minutes) }
  const { cookie, set } = await ask(`/account/session${given.query ?? ''}`, { form })
  const { text } = await ask('/account', { cookie })
  return { cookie, set, text, csrf: csrfOf(text) }
}

test('a pending change is shown with its quantity', async () => {
  const who = await subscribe(world, 'plan_pro_monthly', { body: { quantity: 3 } })
  await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly', quantity: 2 })
  expect((await signIn(who.user)).text).toMatch(/Changes to Pro × 2 on/)
})

describe('the session of a user', () => {
  test('begins with a token, in a form or in the Authorization header', async () => {
    const { user } = await subscribe(world, 'plan_free')
    const token = await tokenFor(user)
    const byForm = await ask('/account/session', { form: { token } })
    const bearer = { authorization: `Bearer ${token}` }
    const byHeader = await ask('/account/session', { form: {}, headers: bearer })
    for (const { status, location, set } of [byForm, byHeader]) {
      expect([status, location]).toEqual([303, '/account?signed=yes'])
      expect(set).toContain('HttpOnly')
      expect(set).not.toContain(token)
    }
    const { status, text } = await ask('/account', { cookie: byForm.cookie })
    expect(status).toBe(200)
    expect(text).toContain('Free')
  })

  test('does not begin without a valid token', async () => {
    const forged = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('ada')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('another secret, that anyone could have'))
    for (const token of ['', 'nonsense', 'bk_dev_operator', forged, await tokenFor('ada', -5)]) {
      const { status, set } = await ask('/account/session', { form: { token } })
      expect([status, set]).toEqual([401, undefined])
    }
    expect((await ask('/account')).status).toBe(401)
  })

  test('ends when its token expires', async () => {
    const began = world.clock.now()
    const { user } = await subscribe(world, 'plan_free')
    const { cookie, set } = await signIn(user, { minutes: 10 })
    const [, seconds] = /Max-Age=(\d+)/.exec(set ?? '') ?? []
    expect(Number(seconds)).toBeLessThanOrEqual(600)
    await world.moveTo(new Date(began.getTime() + 11 * 60_000))
    expect((await ask('/account', { cookie })).status).toBe(401)
    await world.moveTo(began)
  })

  test('is no session of the console, and the other way round', async () => {
    const { cookie } = await signIn(newUser())
    const renamed = cookie?.replace('perennial_account', 'perennial_console')
    expect((await ask('/console', { cookie: renamed })).status).toBe(303)
    const operator = await ask('/console/sign-in', { form: { key: 'bk_dev_operator' } })
    const other = operator.cookie?.replace('perennial_console', 'perennial_account')
    expect((await ask('/account', { cookie: other })).status).toBe(401)
  })

  test('can be started by the listed origins, and by no other site', async () => {
    const form = { token: await tokenFor(newUser()) }
    const from = (origin: string) =>
      ask('/account/session', { form, headers: { origin, 'sec-fetch-site': 'cross-site' } })
    expect((await from(APP)).status).toBe(303)
    expect((await from('https://evil.example')).status).toBe(401)
  })

  test('is shown in frames of the listed origins, and of no other', async () => {
    const { cookie } = await signIn(newUser())
    const { headers } = await ask('/account', { cookie })
    const policy = headers.get('content-security-policy')
    expect(policy).toContain(`frame-ancestors 'self' ${APP}`)
    expect(policy).not.toContain('unsafe')
  })
})

describe('the account page', () => {
  test('shows the plan, the usage and the invoices', async () => {
    const { user, consume } = await subscribe(world, 'plan_pro_monthly')
    await consume(2_500)
    const { text } = await signIn(user)
    for (const words of ['Pro', 'Active', '$20.00', '2,500 of 10,000', 'Resets on', 'Paid'])
      expect(text).toContain(words)
  })

  test('chooses Portuguese by the address, the customer or the browser', async () => {
    const { user } = await subscribe(world, 'plan_pro_monthly', { body: { locale: 'pt-BR' } })
    const known = await signIn(user)
    expect(known.text).toContain('lang="pt-BR"')
    expect(known.text).toMatch(/US\$\u00a020,00/)
    expect(known.text).toContain('Sua assinatura')

    const { text: requested } = await ask('/account?locale=en', { cookie: known.cookie })
    expect(requested).toContain('Your subscription')
    const stranger = await signIn(newUser())
    const headers = { 'accept-language': 'de;q=0.9, pt;q=0.8' }
    expect((await ask('/account', { cookie: stranger.cookie, headers })).text).toContain(
      'Sua assinatura',
    )
    for (const locale of ['xx', '%00', '"><script>', 'pt_BR.UTF-8'])
      expect((await ask(`/account?locale=${encodeURIComponent(locale)}`)).status).toBe(401)
  })

  test('offers plans to a user without a subscription, and a free plan starts immediately', async () => {
    const user = newUser()
    const { cookie, csrf, text } = await signIn(user)
    expect(text).toContain('You have no subscription')
    const form = { csrf, key: randomUUID(), plan_id: 'plan_free' }
    const { location } = await ask('/account/checkout', { cookie, form })
    expect(location).toBe('/account?done=checkout')
    expect((await ask('/account', { cookie })).text).toContain('Active')
  })

  test('shows the price of the user’s offer beside the list price', async () => {
    const user = newUser()
    const features = [{ code: 'messages_sent', quota_limit: 5_000 }]
    const terms = { period: 'monthly', features, reason: 'pilot' }
    const price = { amount_minor: 1_234, currency: 'usd' }
    await askOperator(world, 'PUT', `/users/${user}/plans/plan_pro_monthly`, { ...terms, price })
    expect((await signIn(user)).text).toMatch(/\$12\.34[^]*?<s>\$20\.00[^]*?your price/)
  })

  test('leads to Stripe’s pages for checkout and billing portal', async () => {
    const { user } = await subscribe(world, 'plan_free')
    const free = await signIn(user)
    const { body } = await world.call('GET', '/subscriptions/current', { user })
    const review = await ask(`/account/subscriptions/${body.id}/plan/plan_pro_monthly`, free)
    expect(review.text).toContain('Continue to payment')
    const form = { csrf: free.csrf, key: randomUUID(), plan_id: 'plan_pro_monthly' }
    const bought = await ask('/account/checkout', { cookie: free.cookie, form })
    expect(bought.headers.get('refresh')).toContain(world.simulator.url)

    const portal = await ask('/account/portal', { cookie: free.cookie, form: { csrf: free.csrf } })
    expect([portal.status, portal.headers.get('refresh')]).toEqual([
      200,
      expect.stringContaining(world.simulator.url),
    ])
    const stranger = await signIn(newUser())
    const none = await ask('/account/portal', {
      cookie: stranger.cookie,
      form: { csrf: stranger.csrf },
    })
    expect(none.status).toBe(409)
  })

  test('links to a checkout that is not paid yet', async () => {
    const { user } = await unpaidCustomer(world)
    expect((await signIn(user)).text).toContain('Continue to payment')
  })
})

describe('a user', () => {
  test('is charged the amount shown, once, even if they confirm twice', async () => {
    const { user, id, stripeInvoices, read } = await subscribe(world, 'plan_pro_monthly')
    const { cookie } = await signIn(user)
    const { text } = await ask(`/account/subscriptions/${id}/plan/plan_enterprise`, { cookie })
    const [, shown] = /Confirm and pay \$([\d.]+)/.exec(text) ?? []
    const fields = [...text.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(
      ([, name, value]) => [name!, value!] as const,
    )
    const path = `/account/subscriptions/${id}/change-plan`
    const form = Object.fromEntries(fields)
    for (let times = 0; times < 2; times += 1)
      expect((await ask(path, { cookie, form })).location).toBe('/account?done=change-plan')
    await world.settled()
    expect((await read()).plan.slug).toBe('plan_enterprise')
    const [latest, , ...older] = await stripeInvoices()
    expect(latest?.amount_paid).toBe(Math.round(Number(shown) * 100))
    expect(older).toEqual([])
    const history = (await ask('/account', { cookie })).text
    expect(history).toMatch(/Pro \(\$20.00 per month\) → Enterprise \(\$[\d.]+ per month\)/)
    expect(history).toContain('by you')
  })

  test('cancels and withdraws the cancellation, pauses and resumes', async () => {
    const { user, id, read } = await subscribe(world, 'plan_pro_monthly')
    const { cookie, csrf } = await signIn(user)
    const act = async (name: string, form: Record<string, string> = {}) => {
      const key = randomUUID()
      const { location } = await ask(`/account/subscriptions/${id}/${name}`, {
        cookie,
        form: { csrf, key, ...form },
      })
      expect(location).toBe(`/account?done=${name}`)
      await world.settled()
      return read()
    }
    expect((await act('cancel', { when: 'period_end' })).cancel_at).not.toBeNull()
    expect((await act('withdraw-cancellation')).cancel_at).toBeNull()
    expect((await act('pause')).status).toBe('paused')
    expect((await act('resume')).status).toBe('active')
  })

  test('can act only on their own subscription', async () => {
    const victim = await subscribe(world, 'plan_pro_monthly')
    const { user } = await subscribe(world, 'plan_free')
    const { cookie, csrf } = await signIn(user)
    const path = `/account/subscriptions/${victim.id}`
    const answers = [
      await ask(`${path}/plan`, { cookie }),
      await ask(`${path}/plan/plan_enterprise`, { cookie }),
      await ask(`${path}/cancel`, { cookie, form: { csrf, when: 'now' } }),
      await ask(`/account/subscriptions/${randomUUID()}/cancel`, { cookie, form: { csrf } }),
      await ask('/account/nothing', { cookie }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
    expect((await victim.read()).status).toBe('active')
  })

  test('needs the CSRF token of their page, which no other site can send', async () => {
    const { user, id, read } = await subscribe(world, 'plan_pro_monthly')
    const { cookie, csrf } = await signIn(user)
    const path = `/account/subscriptions/${id}/cancel`
    const other = await signIn(newUser())
    const answers = [
      await ask(path, { cookie, form: { when: 'now' } }),
      await ask(path, { cookie, form: { when: 'now', csrf: other.csrf } }),
      await ask(path, {
        cookie,
        form: { when: 'now', csrf },
        headers: { 'sec-fetch-site': 'cross-site', origin: APP },
      }),
      await ask('/account/checkout', { cookie, form: { plan_id: 'plan_free' } }),
      await ask('/account/portal', { cookie, form: {} }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
    expect((await read()).cancel_at).toBeNull()
  })

  test('has the rate limit of calls with their token', async () => {
    const strict = await createWorld({
      worker: false,
      access: {
        userTokens: { secret: SECRET },
        rateLimits: { keyPerMinute: 1, userPerMinute: 1 },
      },
    })
    try {
      const post = (path: string, form: Record<string, string>) =>
        fetch(`${strict.url}${path}`, {
          method: 'POST',
          redirect: 'manual',
          body: new URLSearchParams(form),
        })
      const of = async (path: string, form: Record<string, string>) => {
        const response = await post(path, form)
        const [cookie = ''] = response.headers.getSetCookie()
        return cookie.split(';')[0] ?? ''
      }
      const sessions = [
        ['/account', await of('/account/session', { token: await tokenFor('ada') })],
        ['/console', await of('/console/sign-in', { key: 'bk_dev_operator' })],
      ] as const
      for (const [path, cookie] of sessions) {
        const visit = () => fetch(`${strict.url}${path}`, { headers: { cookie } })
        expect((await visit()).status).toBe(200)
        const over = await visit()
        expect([over.status, Number(over.headers.get('retry-after')) > 0]).toEqual([429, true])
      }
    } finally {
      await strict.close()
    }
  })
})
