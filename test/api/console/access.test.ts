import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApplication } from '../../support/application.ts'
import { subscribe } from '../../support/customer.ts'
import { pagesOf, signInAtConsole, storeKey } from '../../support/pages.ts'
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
/** Submits a form of the operator's session. */
const submit = (path: string, form: Record<string, string> = {}, key = randomUUID()) =>
  ask(path, { cookie: session.cookie, form: { csrf: session.csrf, key, ...form } })

describe('the page of API keys', () => {
  const PATH = '/console/api-keys'
  const SHOWN = /<code class="secret">([^<]+)</
  const usable = async (key: string) =>
    (
      await world.call('GET', '/subscriptions', {
        user: 'ada',
        headers: { authorization: `Bearer ${key}` },
      })
    ).status === 200
  test('creates a key once, and shows it once', async () => {
    const key = randomUUID()
    const form = { name: '<b>shop</b>', scope_app: 'yes', expires_at: '' }
    const first = await submit(PATH, form, key)
    const [, shown = ''] = SHOWN.exec(first.text) ?? []
    expect(await usable(shown)).toBe(true)
    expect(first.text).not.toContain('<b>shop')
    const second = await submit(PATH, form, key)
    expect(second.status).toBe(409)
    expect(second.text).toContain('already created and shown once')
    for (const { text } of [second, await page(PATH)]) expect(text).not.toContain(shown)
  })

  test('names the fields that are wrong, and creates nothing', async () => {
    const { status, text } = await submit(PATH, { name: '', expires_at: '2001-01-01T00:00' })
    expect(status).toBe(409)
    for (const words of ['Name: is missing.', 'Scopes: is missing.']) expect(text).toContain(words)
    const past = await submit(PATH, {
      name: 'past',
      scope_read: 'yes',
      expires_at: '2001-01-01T00:00',
    })
    expect(past.text).toContain('Expires: must be in the future.')
  })

  test('rotates a key once, and revokes it only with a checked box', async () => {
    const { id, key } = await storeKey(world, ['app'])
    expect((await submit(`${PATH}/${id}/revoke`)).status).toBe(409)
    expect(await usable(key)).toBe(true)
    const rotated = await submit(`${PATH}/${id}/rotate`, { overlap: '3600' })
    const [, successor = ''] = SHOWN.exec(rotated.text) ?? []
    expect([await usable(key), await usable(successor)]).toEqual([true, true])
    expect((await submit(`${PATH}/${id}/rotate`, { overlap: '0' })).text).toContain(
      'already rotated',
    )
    expect((await submit(`${PATH}/${id}/revoke`, { confirmed: 'yes' })).status).toBe(303)
    await world.advanceTo(new Date(world.clock.now().getTime() + 6_000))
    expect([await usable(key), await usable(successor)]).toEqual([false, true])
  })

  test('answers in words for a key that does not exist', async () => {
    for (const id of [randomUUID(), 'nonsense'])
      expect((await submit(`${PATH}/${id}/revoke`, { confirmed: 'yes' })).status).toBe(409)
    expect((await submit(`${PATH}/${randomUUID()}/nonsense`)).status).toBe(404)
  })

  test('ends the session of an operator who revokes their own key', async () => {
    const own = await storeKey(world, ['operator'])
    const { cookie, csrf } = await signInAtConsole(world.url, own.key)
    const id = own.id
    await ask(`${PATH}/${id}/revoke`, { cookie, form: { csrf, confirmed: 'yes' } })
    await world.advanceTo(new Date(world.clock.now().getTime() + 6_000))
    expect((await ask(PATH, { cookie })).location).toContain('/console/sign-in')
  })
})

describe('the page of webhooks', () => {
  const PATH = '/console/webhooks'
  const idOf = async (url: string) =>
    (await world.container.repositories.webhooks.endpoints.list()).find((each) => each.url === url)!

  test('adds an endpoint once, and shows its secret once', async () => {
    const key = randomUUID()
    const form = { url: `http://127.0.0.1:9/${randomUUID()}`, description: '"><i>x' }
    const first = await submit(PATH, form, key)
    expect(first.text).toContain('whsec_')
    expect(first.text).not.toContain('<i>x')
    const second = await submit(PATH, form, key)
    expect([second.status, second.text.includes('whsec_')]).toEqual([409, false])
    expect((await page(PATH)).text).not.toContain('whsec_')
    expect((await submit(PATH, { url: 'ftp://x' })).text).toContain('Address: must be')
  })

  test('disables only with a reason, enables, rotates, and deletes only with a checked box', async () => {
    const url = `http://127.0.0.1:9/${randomUUID()}`
    await submit(PATH, { url, 'type_subscription.created': 'yes' })
    const { id, eventTypes } = await idOf(url)
    expect(eventTypes).toEqual(['subscription.created'])
    const act = (name: string, form: Record<string, string> = {}) =>
      submit(`${PATH}/${id}/${name}`, form)
    expect((await act('disable', { reason: '' })).status).toBe(409)
    expect((await act('disable', { reason: 'moving house' })).status).toBe(303)
    expect((await page(PATH)).text).toContain('moving house')
    expect((await act('enable')).status).toBe(303)
    expect((await act('rotate', { overlap: '0' })).text).toContain('whsec_')
    expect((await act('rotate', { overlap: 'soon' })).status).toBe(409)
    expect((await act('test')).text).toContain('has not accepted the test event')
    expect((await act('delete')).status).toBe(409)
    expect((await act('delete', { confirmed: 'yes' })).location).toBe(`${PATH}?done=delete`)
    expect((await act('delete', { confirmed: 'yes' })).text).toContain('does not exist')
    expect((await act('explode')).status).toBe(404)
  })

  test('replays a failed delivery once', async () => {
    const application = await startApplication(world)
    application.receiver.behaves(() => 500)
    const { id } = await subscribe(world, 'plan_free')
    const { pool } = world.database
    await application.deliver()
    await pool.query(`update webhook_deliveries set state = 'failed' where subscription_id = $1`, [
      id,
    ])
    const failed = await application.deliveries(`subscription_id=${id}`)
    const ids = failed.map((each: { id: number }) => each.id)
    const list = `${PATH}/deliveries?endpoint=${application.endpoint.id}`
    expect((await page(list)).text).toContain('Replay')
    const replay = (deliveries: string) => submit(`${PATH}/deliveries/replay`, { deliveries })
    expect((await replay('nonsense')).status).toBe(409)
    expect((await replay(ids.join())).location).toBe(`${PATH}/deliveries?again=${ids.length}`)
    expect((await replay(ids.join())).location).toBe(`${PATH}/deliveries?again=0`)
    expect((await page(`${PATH}/deliveries?again=0`)).text).toContain('Nothing will be sent again')
    await application.close()
  })
})
