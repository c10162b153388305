import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlanOfVersions, askOperator, migrate } from '../../support/migrations.ts'
import { pagesOf, signInAtConsole, storeKey } from '../../support/pages.ts'
import { subscribe } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const ask = (...request: Parameters<ReturnType<typeof pagesOf>>) => pagesOf(world.url)(...request)
const signIn = (key?: string) => signInAtConsole(world.url, key)

describe('an action of an operator', () => {
  const actions = async (user: string) => {
    const { body } = await world.call('GET', `/admin/users/${user}/actions`, {
      headers: { authorization: 'Bearer bk_dev_operator' },
    })
    return body.actions.map(({ action, key_id }: { action: string; key_id: string }) => ({
      action,
      key_id,
    }))
  }

  test('does nothing without the CSRF token, from another site, or with another session’s token', async () => {
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

  test('is an API call: recorded with the key, and done once even if it is sent twice', async () => {
    const { id: keyId, key } = await storeKey(world, ['operator'])
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
    expect((await ask(path, { cookie })).text).toContain('operator (key “of a test”)')
    expect((await ask(`${path}/withdraw-cancellation`, { cookie, form: { csrf } })).status).toBe(
      303,
    )
    expect((await read()).cancel_at).toBeNull()
    expect((await timeline()).slice(-2)).toEqual([
      'cancellation_scheduled',
      'cancellation_withdrawn',
    ])
  })

  test('changes plans, pauses, resumes, grants and syncs from Stripe', async () => {
    const { id, user, read } = await subscribe(world, 'plan_pro_monthly')
    const { cookie, csrf } = await signIn()
    const perform = async (name: string, form: Record<string, string> = {}) => {
      const { status, text } = await ask(`/console/subscriptions/${id}/${name}`, {
        cookie,
        form: { csrf, key: randomUUID(), ...form },
      })
      expect([name, status, status === 303 ? '' : text]).toEqual([name, 303, ''])
      await world.settled()
      return read()
    }
    expect(
      (
        await perform('change-plan', {
          plan_id: 'plan_enterprise',
          quantity: '',
          confirmed: 'yes',
        })
      ).plan.slug,
    ).toBe('plan_enterprise')
    expect((await perform('pause', { resumes_at: '' })).status).toBe('paused')
    expect((await perform('resume')).status).toBe('active')
    await perform('sync')
    await perform('grant', {
      feature: 'ai_minutes',
      amount: '50',
      reason: 'welcome',
      expires_at: '',
      confirmed: 'yes',
    })
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

  test('that changes the plan shows every line and the charge first, and charges just that', async () => {
    const { id, read, stripe } = await subscribe(world, 'plan_pro_monthly')
    const { cookie, csrf } = await signIn()
    const path = `/console/subscriptions/${id}/change-plan`
    const form = { csrf, plan_id: 'plan_enterprise', when: '', quantity: '2' }
    const review = await ask(path, { cookie, form })
    expect(review.status).toBe(200)
    expect((await read()).plan.slug).toBe('plan_pro_monthly')
    const [, charge] = /Change plan and charge \$([\d,.]+)/.exec(review.text) ?? []
    expect(charge).toBeDefined()
    const fields = Object.fromEntries(
      [...review.text.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
        name!,
        value!,
      ]),
    )
    expect((await ask(path, { cookie, form: fields })).status).toBe(303)
    await world.settled()
    expect((await read()).plan.slug).toBe('plan_enterprise')
    const { id: subscription } = await stripe()
    const { data } = await world.stripe.invoices.list({ subscription, limit: 1 })
    expect(data[0]?.amount_paid).toBe(Number(charge!.replaceAll(/[,.]/g, '')))
  })

  test('extends a trial, and ends it', async () => {
    const { id, read } = await subscribe(world, 'plan_starter')
    const { cookie, csrf } = await signIn()
    const path = `/console/subscriptions/${id}`
    const end = new Date(world.clock.now().getTime() + 20 * 86_400_000).toISOString().slice(0, 16)
    await ask(`${path}/extend-trial`, { cookie, form: { csrf, ends_at: end } })
    expect((await read()).trial_end).toBe(`${end}:00.000Z`)
    const unconfirmed = await ask(`${path}/end-trial`, { cookie, form: { csrf } })
    expect(unconfirmed).toMatchObject({
      status: 409,
      text: expect.stringContaining('The card is charged $9.00'),
    })
    await ask(`${path}/end-trial`, { cookie, form: { csrf, confirmed: 'yes' } })
    await world.settled()
    expect((await read()).status).toBe('active')
  })

  test('that cannot be undone needs a confirmation, and records who did it and why', async () => {
    const { id: keyId, key } = await storeKey(world, ['operator'])
    const customer = await subscribe(world, 'plan_pro_monthly')
    const { cookie, csrf } = await signIn(key)
    const path = `/console/subscriptions/${customer.id}`
    const form = { csrf, key: randomUUID(), reason: 'a dispute' }
    for (const refused of [
      await ask(`${path}/force-cancel`, { cookie, form }),
      await ask(`${path}/force-cancel`, { cookie, form: { ...form, confirmed: 'no' } }),
      await ask(`${path}/grant`, { cookie, form: { ...form, feature: 'ai_minutes', amount: '5' } }),
    ])
      expect(refused).toMatchObject({ status: 409, text: expect.stringContaining('check the box') })
    expect((await customer.read()).status).toBe('active')
    expect(await actions(customer.user)).toEqual([])
    const { location } = await ask(`${path}/force-cancel`, {
      cookie,
      form: { ...form, confirmed: 'yes' },
    })
    expect(location).toBe(`${path}?done=force-cancel`)
    expect((await customer.read()).status).toBe('canceled')
    expect((await customer.stripe()).status).toBe('canceled')
    expect(await actions(customer.user)).toEqual([{ action: 'force_cancel', key_id: keyId }])
  })

  test('that the API refuses shows the problem, and changes nothing', async () => {
    const { id, read } = await subscribe(world, 'plan_free')
    const { cookie, csrf } = await signIn()
    const path = `/console/subscriptions/${id}`
    const answers = [
      await ask(`${path}/pause`, { cookie, form: { csrf, resumes_at: '2001-01-01T00:00' } }),
      await ask(`${path}/cancel`, { cookie, form: { csrf, when: 'someday' } }),
      await ask(`${path}/grant`, {
        cookie,
        form: { csrf, feature: 'ai_minutes', amount: 'many', confirmed: 'yes' },
      }),
      await ask(`${path}/withdraw-cancellation`, { cookie, form: { csrf } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409, 409])
    for (const { text } of answers) expect(text).toContain('role="alert"')
    expect((await read()).cancel_at).toBeNull()
    expect((await ask(`${path}/nonsense`, { cookie, form: { csrf } })).status).toBe(404)
  })
})

describe('the lists of the console', () => {
  test('reprocess a parked event', async () => {
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

  test('dismiss a difference only with a reason', async () => {
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

  test('explain how to start a migration when there is none', async () => {
    const { cookie } = await signIn()
    const { status, text } = await ask('/console/migrations', { cookie })
    expect(status).toBe(200)
    expect(text).toContain('href="/console/migrations/new"')
  })

  test('pause, continue and roll back a migration after confirmation, and record each step', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ quota: 10 })
    await Promise.all([1, 2].map(() => subscribe(world, slug)))
    await publish({ quota: 30 })
    const job = await migrate(world, {
      from: [{ plan: slug, version: 1 }],
      to: { plan: slug, version: 2 },
      when: 'now',
      canary_percent: 50,
    })
    await job.reaches('awaiting_approval')
    const { id: keyId, key } = await storeKey(world, ['operator'])
    const { cookie, csrf } = await signIn(key)
    const path = `/console/migrations/${job.id}`
    expect((await ask('/console/migrations', { cookie })).text).toContain('Approve and continue')
    const steer = (wanted: string, form: object = {}) =>
      ask(`${path}/${wanted}`, { cookie, form: { csrf, key: randomUUID(), ...form } })
    expect((await ask(`${path}/running`, { cookie, form: {} })).status).toBe(403)
    expect((await steer('running')).location).toBe('/console/migrations?done=running')
    await job.reaches('done')
    expect(await steer('paused')).toMatchObject({ status: 409 })
    expect(await steer('rolled_back')).toMatchObject({ status: 409 })
    expect((await job.read()).state).toBe('done')
    expect(await steer('rolled_back', { confirmed: 'yes' })).toMatchObject({ status: 303 })
    await job.reaches('rolled_back')
    expect((await steer('nonsense')).status).toBe(404)
    const { body } = await askOperator(world, 'GET', '/actions')
    expect(body.actions.slice(0, 2)).toMatchObject(
      ['rolled_back', 'running'].map((state) => ({
        action: 'steer_plan_migration',
        key_id: keyId,
        after: { migration_id: job.id, state },
      })),
    )
  })
})
