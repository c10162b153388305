import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashOfKey, prefixOfKey } from '../../adapters/api-key-secret.ts'
import type { Scope } from '../../domain/api-key.ts'
import { newUser, subscribe } from '../support/subscriber.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

type Asked = {
  readonly cookie?: string
  readonly form?: Record<string, string>
  readonly headers?: Record<string, string>
}

/** As a browser asks, without following where it is sent. */
async function ask(path: string, { cookie, form, headers }: Asked = {}) {
  const response = await fetch(`${world.url}${path}`, {
    redirect: 'manual',
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    headers: { ...(cookie && { cookie }), ...headers },
  })
  const [set] = response.headers.getSetCookie()
  return {
    status: response.status,
    text: await response.text(),
    location: response.headers.get('location'),
    headers: response.headers,
    set,
    cookie: set?.split(';')[0],
  }
}

async function aKey(scopes: readonly Scope[]): Promise<{ id: string; key: string }> {
  const [id, key] = [randomUUID(), `bk_${randomUUID()}`]
  await world.database.pool.query(
    `insert into api_keys (id, name, prefix, hash, scopes, created_at) values ($1, $2, $3, $4, $5, $6)`,
    [id, 'of a test', prefixOfKey(key), hashOfKey(key), scopes, world.clock.now()],
  )
  return { id, key }
}

async function signIn(key = 'bk_dev_operator') {
  const { cookie } = await ask('/console/sign-in', { form: { key } })
  if (cookie === undefined) throw new Error('not signed in')
  const { text } = await ask('/console', { cookie })
  return { cookie, csrf: csrfOf(text) }
}

const csrfOf = (page: string) => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''

describe('the door of the console', () => {
  test('is where everybody is sent who has no session', async () => {
    for (const path of ['/console', '/console/subscriptions', '/console/inbox', '/console/x']) {
      const { status, location } = await ask(path)
      expect([status, location]).toEqual([303, '/console/sign-in'])
    }
  })

  test('opens for a key of an operator, with a cookie that holds nothing of the key', async () => {
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

  test('stays shut for a key without the scope, an unknown one, and none', async () => {
    const { key } = await aKey(['app', 'read'])
    const answers = [
      await ask('/console/sign-in', { form: { key } }),
      await ask('/console/sign-in', { form: { key: 'bk_unknown' } }),
      await ask('/console/sign-in', { form: { other: 'x' } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 401, 401])
    expect(answers.map(({ set }) => set)).toEqual([undefined, undefined, undefined])
  })

  test('opens no more once the key is revoked', async () => {
    const { id, key } = await aKey(['operator'])
    const { cookie } = await signIn(key)
    await world.database.pool.query('update api_keys set revoked_at = $2 where id = $1', [
      id,
      world.clock.now(),
    ])
    // What was found of a key is kept for five seconds.
    await world.moveTo(new Date(world.clock.now().getTime() + 6_000))
    const { status, location, set } = await ask('/console', { cookie })
    expect([status, location]).toEqual([303, '/console/sign-in?ended=yes'])
    expect(set).toContain('Max-Age=0')
  })

  test('closes behind who does nothing for half an hour, and not behind who goes on', async () => {
    const began = world.clock.now()
    const after = (minutes: number) => new Date(began.getTime() + minutes * 60_000)
    const { cookie } = await signIn()
    await world.moveTo(after(20))
    const renewed = await ask('/console', { cookie })
    expect(renewed.cookie).toBeDefined()
    await world.moveTo(after(40))
    expect((await ask('/console', { cookie })).status).toBe(303)
    expect((await ask('/console', { cookie: renewed.cookie! })).status).toBe(200)
    await world.moveTo(began)
  })

  test('does not open for a cookie that was changed, or made by somebody else', async () => {
    const { cookie } = await signIn()
    const forged = [`${cookie}x`, cookie.replace(/.$/, '!'), 'perennial_console=a.b.c.d.e']
    for (const each of forged) expect((await ask('/console', { cookie: each })).status).toBe(303)
  })

  test('lets nobody in by a form of another site', async () => {
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

describe('a page of the console', () => {
  test('runs no script and loads nothing that is not of this process, and is shown within none', async () => {
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

  test('says that a subscription does not exist', async () => {
    const { cookie } = await signIn()
    for (const id of [randomUUID(), 'nonsense', '%27%3B'])
      expect((await ask(`/console/subscriptions/${id}`, { cookie })).status).toBe(404)
  })

  test('shows what users are called as text, whatever it is', async () => {
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

  test('understands any search, and asks for no more than there is', async () => {
    const { cookie } = await signIn()
    const searches = [
      'status=nonsense',
      'after=1',
      `q=${'x'.repeat(300)}`,
      'q=%00',
      'plan=%ff',
      'q=%20',
    ]
    for (const search of searches)
      expect((await ask(`/console/subscriptions?${search}`, { cookie })).status).toBe(200)
  })

  test('ends when somebody signs out, by a form of their own alone', async () => {
    const { cookie, csrf } = await signIn()
    expect((await ask('/console/sign-out', { cookie, form: {} })).status).toBe(403)
    const { set, location } = await ask('/console/sign-out', { cookie, form: { csrf } })
    expect([set?.includes('Max-Age=0'), location]).toEqual([true, '/console/sign-in'])
  })
})

describe('an act of an operator', () => {
  const actions = async (user: string) => {
    const { body } = await world.call('GET', `/admin/users/${user}/actions`, {
      headers: { authorization: 'Bearer bk_dev_operator' },
    })
    return body.actions.map(({ action, key_id }: { action: string; key_id: string }) => ({
      action,
      key_id,
    }))
  }

  test('does nothing without the word of its page, from elsewhere, or with another session’s', async () => {
    const { id, read } = await subscribe(world, 'plan_free')
    const { cookie, csrf } = await signIn()
    const other = await signIn()
    const path = `/console/subscriptions/${id}/cancel`
    const refused = [
      await ask(path, { cookie, form: { when: 'now' } }),
      await ask(path, { cookie, form: { when: 'now', csrf: other.csrf } }),
      await ask(path, {
        cookie,
        form: { when: 'now', csrf },
        headers: { 'sec-fetch-site': 'same-site' },
      }),
      await ask(path, { form: { when: 'now', csrf } }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 303])
    expect((await read()).status).toBe('active')
  })

  test('goes the way of the API: it is done, noted with the key, and once however often it is sent', async () => {
    const { id: keyId, key } = await aKey(['operator'])
    const { id, user, read, timeline } = await subscribe(world, 'plan_pro_monthly')
    const { cookie, csrf } = await signIn(key)
    const form = { csrf, key: randomUUID(), when: 'period_end' }
    const path = `/console/subscriptions/${id}`
    const first = await ask(`${path}/cancel`, { cookie, form })
    const second = await ask(`${path}/cancel`, { cookie, form })
    for (const { status, location } of [first, second])
      expect([status, location]).toEqual([303, `${path}?done=cancel`])
    expect((await read()).cancel_at).not.toBeNull()
    expect(await actions(user)).toEqual([{ action: 'cancel', key_id: keyId }])
    expect((await ask(`${path}/withdraw-cancellation`, { cookie, form: { csrf } })).status).toBe(
      303,
    )
    expect((await read()).cancel_at).toBeNull()
    expect((await timeline()).slice(-2)).toEqual([
      'cancellation_scheduled',
      'cancellation_withdrawn',
    ])
  })

  test('changes plans, pauses, resumes, grants and reads Stripe', async () => {
    const { id, user, read } = await subscribe(world, 'plan_pro_monthly')
    const { cookie, csrf } = await signIn()
    const act = async (name: string, form: Record<string, string> = {}) => {
      const { status, text } = await ask(`/console/subscriptions/${id}/${name}`, {
        cookie,
        form: { csrf, key: randomUUID(), ...form },
      })
      expect([name, status, status === 303 ? '' : text]).toEqual([name, 303, ''])
      await world.settled()
      return read()
    }
    expect((await act('change-plan', { plan_id: 'plan_enterprise', quantity: '' })).plan.slug).toBe(
      'plan_enterprise',
    )
    expect((await act('pause', { resumes_at: '' })).status).toBe('paused')
    expect((await act('resume')).status).toBe('active')
    await act('sync')
    await act('grant', { feature: 'ai_minutes', amount: '50', reason: 'welcome', expires_at: '' })
    const { body } = await world.call('GET', '/usage', { user })
    expect(body.features).toContainEqual(
      expect.objectContaining({ code: 'ai_minutes', granted_remaining: 50 }),
    )
    expect((await actions(user)).map(({ action }: { action: string }) => action)).toEqual([
      'grant',
      'sync',
      'resume',
      'pause',
      'change_plan',
    ])
  })

  test('moves the end of a trial, and ends it', async () => {
    const { id, read } = await subscribe(world, 'plan_starter')
    const { cookie, csrf } = await signIn()
    const path = `/console/subscriptions/${id}`
    const end = new Date(world.clock.now().getTime() + 20 * 86_400_000).toISOString().slice(0, 16)
    await ask(`${path}/extend-trial`, { cookie, form: { csrf, ends_at: end } })
    expect((await read()).trial_end).toBe(`${end}:00.000Z`)
    await ask(`${path}/end-trial`, { cookie, form: { csrf } })
    await world.settled()
    expect((await read()).status).toBe('active')
  })

  test('that the API refuses is shown with its words, and nothing is done', async () => {
    const { id, read } = await subscribe(world, 'plan_free')
    const { cookie, csrf } = await signIn()
    const path = `/console/subscriptions/${id}`
    const answers = [
      await ask(`${path}/pause`, { cookie, form: { csrf, resumes_at: '2001-01-01T00:00' } }),
      await ask(`${path}/cancel`, { cookie, form: { csrf, when: 'someday' } }),
      await ask(`${path}/grant`, { cookie, form: { csrf, feature: 'ai_minutes', amount: 'many' } }),
      await ask(`${path}/withdraw-cancellation`, { cookie, form: { csrf } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409, 409])
    for (const { text } of answers) expect(text).toContain('role="alert"')
    expect((await read()).cancel_at).toBeNull()
    expect((await ask(`${path}/nonsense`, { cookie, form: { csrf } })).status).toBe(404)
  })
})

describe('the queues of the console', () => {
  test('tell a parked event again', async () => {
    const { pool } = world.database
    const eventId = `evt_${randomUUID()}`
    await pool.query(
      `insert into stripe_events (account, livemode, event_id, type, created_at, received_at, object_ids, state, reason, due_at)
       values ('', false, $1, 'customer.subscription.updated', $2, $2, '{}', 'parked', '<b>odd</b>', $2)`,
      [eventId, world.clock.now()],
    )
    const { cookie, csrf } = await signIn()
    const { text } = await ask('/console/inbox', { cookie })
    expect(text).toContain(eventId)
    expect(text).not.toContain('<b>odd')
    const { location } = await ask('/console/inbox/redrive', {
      cookie,
      form: { csrf, event: eventId },
    })
    expect(location).toBe('/console/inbox?again=1')
  })

  test('dismiss a difference with a reason, and not without', async () => {
    const { drift } = world.container.repositories
    const finding = {
      kind: 'unknown_price',
      subscriptionId: null,
      stripeId: `price_${randomUUID()}`,
      detail: 'made by hand',
    } as const
    await drift.note(finding, world.clock.now())
    const { cookie, csrf } = await signIn()
    expect((await ask('/console/drift', { cookie })).text).toContain('made by hand')
    const form = { csrf, finding: `unknown_price/${finding.stripeId}` }
    const refused = await ask('/console/drift/dismiss', { cookie, form: { ...form, reason: '' } })
    expect(refused.status).toBe(409)
    await ask('/console/drift/dismiss', { cookie, form: { ...form, reason: 'as agreed' } })
    expect((await drift.find(form.finding))?.state).toBe('dismissed')
  })

  test('show migrations of subscribers', async () => {
    const { cookie } = await signIn()
    const { status, text } = await ask('/console/migrations', { cookie })
    expect(status).toBe(200)
    expect(text).toContain('POST /admin/plan-migrations')
  })
})
