import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashOfKey } from '../../../adapters/secrets/api-key-secret.ts'
import type { Scope } from '../../../domain/operator/api-key.ts'
import { pagesOf, signInAtConsole, storeKey } from '../../support/pages.ts'
import { newUser, subscribe } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
/** How far the test moves the real time, in minutes. */
let minutesPassed = 0
beforeAll(async () => {
  const now = () => new Date(Date.now() + minutesPassed * 60_000)
  world = await createWorld({ wallClock: { now } })
})
afterAll(() => world.close())

const ask = (...request: Parameters<ReturnType<typeof pagesOf>>) => pagesOf(world.url)(...request)
const signIn = (key?: string) => signInAtConsole(world.url, key)
const aKey = (scopes: readonly Scope[]) => storeKey(world, scopes)

describe('signing in to the console', () => {
  test('is required on every page without a session', async () => {
    for (const path of ['/console', '/console/subscriptions', '/console/inbox', '/console/x']) {
      const { status, location } = await ask(path)
      expect([status, location?.split('?')[0]]).toEqual([303, '/console/sign-in'])
    }
  })

  test('opens the page that was asked for, and no page elsewhere', async () => {
    const wanted = '/console/subscriptions?status=active&q=ada'
    const { location } = await ask(wanted)
    const { text } = await ask(location!)
    expect(text).toContain('name="next" value="/console/subscriptions?status=active&amp;q=ada"')
    const signInTo = async (next: string) =>
      (await ask('/console/sign-in', { form: { key: 'bk_dev_operator', next } })).location
    expect(await signInTo(wanted)).toBe(wanted)
    for (const elsewhere of [
      'https://evil.example/console/',
      '//evil.example/console/x',
      '/\\evil.example/console/x',
      '/console/../account',
      'javascript:alert(1)',
      '/console/sign-in',
      'x'.repeat(3_000),
    ])
      expect([elsewhere, await signInTo(elsewhere)]).toEqual([elsewhere, '/console'])
  })

  test('accepts an operator key, and sets a cookie without any part of the key', async () => {
    const { key } = await aKey(['operator'])
    const { status, location, set, cookie } = await ask('/console/sign-in', { form: { key } })
    expect([status, location]).toEqual([303, '/console'])
    expect(set).toContain('HttpOnly')
    expect(set).toContain('SameSite=Strict')
    const value = cookie?.split('=')[1] ?? ''
    for (const part of [key, hashOfKey(key)]) {
      expect(value).not.toContain(part)
      for (const piece of value.split('.'))
        expect(Buffer.from(piece, 'base64url').toString()).not.toContain(part)
    }
    expect((await ask('/console', { cookie: cookie! })).status).toBe(200)
  })

  test('refuses a key without the scope, an unknown key, and no key', async () => {
    const { key } = await aKey(['app', 'read'])
    const answers = [
      await ask('/console/sign-in', { form: { key } }),
      await ask('/console/sign-in', { form: { key: 'bk_unknown' } }),
      await ask('/console/sign-in', { form: { other: 'x' } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 401, 401])
    expect(answers.map(({ set }) => set)).toEqual([undefined, undefined, undefined])
  })

  test('is required again once the key is revoked', async () => {
    const { id, key } = await aKey(['operator'])
    const { cookie } = await signIn(key)
    await world.database.pool.query('update api_keys set revoked_at = $2 where id = $1', [
      id,
      world.clock.now(),
    ])
    // Keys are cached for five seconds.
    await world.moveTo(new Date(world.clock.now().getTime() + 6_000))
    const { status, location, set } = await ask('/console', { cookie })
    expect([status, location]).toEqual([303, '/console/sign-in?ended=yes'])
    expect(set).toContain('Max-Age=0')
  })

  test('is required again after half an hour without activity, but not during activity', async () => {
    const { cookie } = await signIn()
    minutesPassed = 20
    const renewed = await ask('/console', { cookie })
    expect(renewed.cookie).toBeDefined()
    minutesPassed = 40
    expect((await ask('/console', { cookie })).status).toBe(303)
    expect((await ask('/console', { cookie: renewed.cookie! })).status).toBe(200)
    minutesPassed = 0
  })

  test('stays when the stack travels a month ahead', async () => {
    const { cookie } = await signIn()
    const began = world.clock.now()
    await world.moveTo(new Date(began.getTime() + 31 * 86_400_000))
    expect((await ask('/console', { cookie })).status).toBe(200)
    await world.moveTo(began)
  })

  test('refuses a cookie that was modified or forged', async () => {
    const { cookie } = await signIn()
    const forged = [`${cookie}x`, cookie.replace(/.$/, '!'), 'perennial_console=a.b.c.d.e']
    for (const each of forged) expect((await ask('/console', { cookie: each })).status).toBe(303)
  })

  test('refuses a form of another site', async () => {
    const form = { key: 'bk_dev_operator' }
    const site = await ask('/console/sign-in', {
      form,
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    const origin = await ask('/console/sign-in', {
      form,
      headers: { origin: 'https://evil.example' },
    })
    expect([site.status, site.set, origin.status, origin.set]).toEqual([
      403,
      undefined,
      403,
      undefined,
    ])
  })
})

test('the address of the service leads to everything else', async () => {
  const { status, text } = await ask('/')
  expect(status).toBe(200)
  for (const path of ['/docs', '/console', '/account', '/openapi.json'])
    expect(text).toContain(`href="${path}"`)
})

describe('a page of the console', () => {
  test('runs no inline script, loads only from this process, and is shown in no frame', async () => {
    const { cookie } = await signIn()
    const { headers, text } = await ask('/console', { cookie })
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(text).not.toMatch(/<script(?![^>]*src="\/assets\/)/)
    expect(text).not.toMatch(/\sstyle=|\son\w+=/)
    const assets = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, at]) => at!)
    expect(assets.length).toBe(4)
    for (const at of assets) {
      const asset = await ask(at.replaceAll('&amp;', '&'))
      expect(asset.status).toBe(200)
      expect(asset.headers.get('cache-control')).toContain('immutable')
    }
  })

  test('answers 404 for a subscription that does not exist', async () => {
    const { cookie } = await signIn()
    for (const id of [randomUUID(), 'nonsense', '%27%3B'])
      expect((await ask(`/console/subscriptions/${id}`, { cookie })).status).toBe(404)
  })

  test('shows any user id as text', async () => {
    const user = `<script>alert(1)</script>"'&${randomUUID()}`
    const stored = newUser()
    await subscribe(world, 'plan_free', { user: stored })
    const { pool } = world.database
    await pool.query('insert into customers (user_id, created_at) values ($1, now())', [user])
    await pool.query(`update subscriptions set user_id = $1 where user_id = $2`, [user, stored])
    const { cookie } = await signIn()
    const { text, status } = await ask('/console/subscriptions?q=%3Cscript', { cookie })
    expect(status).toBe(200)
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(text).not.toContain('<script>alert')
    const echoed = await ask(`/console/subscriptions?q=${encodeURIComponent('"><b>x')}`, { cookie })
    expect(echoed.text).not.toContain('<b>x')
  })

  test('ignores invalid values of its search parameters, and refuses those that are no text', async () => {
    const { cookie } = await signIn()
    const searches = ['status=nonsense', 'after=1', `q=${'x'.repeat(300)}`, 'q=%20']
    for (const search of searches)
      expect((await ask(`/console/subscriptions?${search}`, { cookie })).status).toBe(200)
    for (const search of ['q=%00', 'plan=%ff'])
      expect((await ask(`/console/subscriptions?${search}`, { cookie })).status).toBe(422)
  })

  test('ends the session on sign-out, only by a form of that session', async () => {
    const { cookie, csrf } = await signIn()
    expect((await ask('/console/sign-out', { cookie, form: {} })).status).toBe(403)
    const { set, location } = await ask('/console/sign-out', { cookie, form: { csrf } })
    expect([set?.includes('Max-Age=0'), location]).toEqual([true, '/console/sign-in'])
    // A copy of the cookie is worthless as well.
    expect((await ask('/console', { cookie })).status).toBe(303)
  })
})

test('an operator sets the customer’s e-mail address and name once, and is recorded', async () => {
  const { id, user } = await subscribe(world, 'plan_pro_monthly')
  const { cookie, csrf } = await signIn()
  const path = `/console/subscriptions/${id}`
  const form = { csrf, key: randomUUID(), email: `new-${user}@example.com`, name: '' }
  for (const { location } of [
    await ask(`${path}/change-customer`, { cookie, form }),
    await ask(`${path}/change-customer`, { cookie, form }),
  ])
    expect(location).toBe(`${path}?done=change-customer`)
  const { text } = await ask(path, { cookie })
  expect(text).toContain(`new-${user}@example.com`)
  const { body } = await world.call('GET', `/admin/users/${user}/actions`, {
    headers: { authorization: 'Bearer bk_dev_operator' },
  })
  expect(body.actions).toMatchObject([{ action: 'change_customer' }])
  const wrong = { ...form, key: randomUUID(), email: 'nobody' }
  expect((await ask(`${path}/change-customer`, { cookie, form: wrong })).status).toBe(409)
  const search = await ask(`/console/subscriptions?q=NEW-${user}@example.com`, { cookie })
  expect(search.text).toContain(path)
})

test('a search is a file of what it finds, with formulas as text', async () => {
  const user = `=cmd-${randomUUID()}`
  const { id } = await subscribe(world, 'plan_pro_monthly', {
    user,
    body: { email: `${randomUUID()}@example.com` },
  })
  const { cookie } = await signIn()
  const query = `q=${encodeURIComponent(user)}`
  const page = await ask(`/console/subscriptions?${query}`, { cookie })
  expect(page.text).toContain('Download as CSV')
  const file = await ask(`/console/subscriptions.csv?${query}`, { cookie })
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  const [, line, ...others] = file.text.trim().split('\r\n')
  expect(line).toContain(`"${id}","'${user}","active","plan_pro_monthly",1,20,"usd"`)
  expect(others).toEqual([])
  expect((await ask(`/console/subscriptions.csv?${query}`)).status).toBe(303)
  expect((await ask('/console/subscriptions.csv?stats=active', { cookie })).status).toBe(422)
})
