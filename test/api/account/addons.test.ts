import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAddon } from '../../support/addons.ts'
import { subscribe } from '../../support/customer.ts'
import { csrfOf, fieldsOf, pagesOf } from '../../support/pages.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'the secret of an issuer of tokens of users'
const PRO = 'plan_pro_monthly'

let world: World
beforeAll(async () => {
  world = await createWorld({ access: { userTokens: { secret: SECRET } } })
  await anAddon(world, 'message_pack', 500, 'Message pack')
})
afterAll(() => world.close())

const ask = (...request: Parameters<ReturnType<typeof pagesOf>>) => pagesOf(world.url)(...request)

async function visitor(query = '') {
  const who = await subscribe(world, PRO)
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(who.user)
    .setExpirationTime(new Date(world.clock.now().getTime() + 3_600_000))
    .sign(new TextEncoder().encode(SECRET))
  const { cookie } = await ask(`/account/session${query}`, { form: { token } })
  const page = async (path = '') => (await ask(`/account${path}`, { cookie })).text
  const csrf = csrfOf(await page())
  const path = `/subscriptions/${who.id}`
  const submit = (name: string, form: Record<string, string>) =>
    ask(`/account${path}/${name}`, { cookie, form: { csrf, key: randomUUID(), ...form } })
  const units = async () =>
    (await who.read()).items
      .slice(1)
      .map((item: { plan_id: string; quantity: number }) => [item.plan_id, item.quantity])
  return { ...who, page, path, submit, units }
}

describe('the add-ons of a customer on the account page', () => {
  test('show their price first, and are charged once as shown, however often the form is sent', async () => {
    const who = await visitor()
    expect(await who.page()).toContain(`/account${who.path}/addons`)
    expect(await who.page(`${who.path}/addons`)).toContain('$5.00 per month each')
    const review = await who.submit('addons', { addon_message_pack: '2', when: '' })
    for (const words of ['0 → 2', 'After that, $30.00 per month.', 'Takes effect immediately.'])
      expect(review.text).toContain(words)
    const [, charge] = /Confirm and pay \$([\d.]+)/.exec(review.text) ?? []
    expect(await who.units()).toEqual([])
    const fields = fieldsOf(review.text)
    const answers = await Promise.all([
      who.submit('change-items', fields),
      who.submit('change-items', fields),
    ])
    for (const { location } of answers) expect(location).toBe('/account?done=change-items')
    await world.settled()
    expect(await who.units()).toEqual([['message_pack', 2]])
    const [invoice] = await who.stripeInvoices()
    expect(invoice?.amount_paid).toBe(Math.round(Number(charge) * 100))
  })

  test('are fewer from the next period only, whatever the form says, until the customer undoes it', async () => {
    const who = await visitor()
    const confirm = async (form: Record<string, string>) => {
      await who.submit('change-items', fieldsOf((await who.submit('addons', form)).text))
      await world.settled()
    }
    await confirm({ addon_message_pack: '2' })
    const now = await who.submit('addons', { addon_message_pack: '1', when: 'now' })
    expect([now.status, now.text]).toEqual([409, expect.stringContaining('already paid')])
    const forged = { addon_message_pack: '1', when: 'now' }
    const reviewed = fieldsOf((await who.submit('addons', { addon_message_pack: '1' })).text)
    expect(reviewed['when']).toBe('period_end')
    expect((await who.submit('change-items', { ...reviewed, ...forged })).status).toBe(409)
    expect(await who.units()).toEqual([['message_pack', 2]])
    await confirm({ addon_message_pack: '1' })
    expect(await who.page()).toMatch(/Changes to Pro with 1 × Message pack on/)
    await confirm({ addon_message_pack: '0' })
    const scheduled = await who.page()
    expect(scheduled).toMatch(/Changes to Pro without add-ons on/)
    expect(scheduled).toContain('Undo this change')
    expect(await who.page(`${who.path}/addons`)).toContain('A new change replaces it')
    await who.submit('withdraw-plan-change', {})
    expect((await who.read()).pending_change).toBeNull()
    expect(await who.units()).toEqual([['message_pack', 2]])
  })

  test('are not changed by a review of other items, nor on the subscription of another user', async () => {
    const [who, other] = [await visitor(), await visitor()]
    const stale = fieldsOf((await who.submit('addons', { addon_message_pack: '3' })).text)
    await who.ask('PUT', '/items', { addons: [{ plan_id: 'message_pack', quantity: 1 }] })
    expect((await who.submit('change-items', stale)).status).toBe(409)
    expect(await who.units()).toEqual([['message_pack', 1]])
    const { cookie } = await ask('/account/session', { form: { token: 'none' } })
    expect((await ask(`/account${who.path}/addons`, { cookie })).status).toBe(401)
    expect(await other.page(`${who.path}/addons`)).toContain('belongs to another user')
  })

  test('are in Portuguese, and begin with the next period if the customer says so', async () => {
    const who = await visitor('?locale=pt')
    expect(await who.page(`${who.path}/addons`)).toContain('Complementos')
    const review = await who.submit('addons', { addon_message_pack: '1', when: 'period_end' })
    expect(review.text).toContain('Nada é cobrado hoje.')
    await who.submit('change-items', fieldsOf(review.text))
    await world.settled()
    expect(await who.page()).toMatch(/Muda para Pro com 1 × Message pack em/)
  })
})
