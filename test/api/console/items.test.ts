import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAddon } from '../../support/addons.ts'
import { subscribe } from '../../support/customer.ts'
import { fieldsOf, pagesOf, signInAtConsole } from '../../support/pages.ts'
import { createWorld, type World } from '../../support/world.ts'

const PRO = 'plan_pro_monthly'

let world: World
let session: { cookie: string; csrf: string }
beforeAll(async () => {
  world = await createWorld()
  session = await signInAtConsole(world.url)
  await anAddon(world, 'message_pack', 500, 'Message pack')
  await anAddon(world, 'seat_pack', 900, 'Seat pack')
})
afterAll(() => world.close())

const ask = (...request: Parameters<ReturnType<typeof pagesOf>>) => pagesOf(world.url)(...request)

async function aCustomer() {
  const who = await subscribe(world, PRO)
  const path = `/console/subscriptions/${who.id}`
  const { cookie, csrf } = session
  const change = (form: Record<string, string>) =>
    ask(`${path}/change-items`, { cookie, form: { csrf, key: randomUUID(), ...form } })
  const units = async () => {
    const { items } = await who.read()
    return items.map((item: { plan_id: string; quantity: number }) => [item.plan_id, item.quantity])
  }
  return { ...who, change, units, page: async () => (await ask(path, { cookie })).text, path }
}

describe('the items of a subscription in the console', () => {
  test('are reviewed line by line, and charged once as reviewed, however often the form is sent', async () => {
    const who = await aCustomer()
    expect(await who.page()).toMatch(/Message pack.*\$5\.00 each; 0 for none/s)
    const review = await who.change({ addon_message_pack: '2', addon_seat_pack: '0', quantity: '' })
    expect(review.status).toBe(200)
    expect(review.text).toContain('Each later period costs $30.00')
    const [, charge] = /Change items and charge \$([\d.]+)/.exec(review.text) ?? []
    expect(await who.units()).toEqual([[PRO, 1]])
    const fields = fieldsOf(review.text)
    const answers = await Promise.all([who.change(fields), who.change(fields)])
    answers.push(await who.change(fields))
    for (const { location } of answers) expect(location).toBe(`${who.path}?done=change-items`)
    await world.settled()
    expect(await who.units()).toEqual([
      [PRO, 1],
      ['message_pack', 2],
    ])
    const invoices = await who.stripeInvoices()
    expect(invoices).toHaveLength(2)
    expect(invoices[0]?.amount_paid).toBe(Math.round(Number(charge) * 100))
  })

  test('are taken away at the end of the period, or now if the operator says so', async () => {
    const who = await aCustomer()
    await who.change(fieldsOf((await who.change({ addon_message_pack: '3' })).text))
    await world.settled()
    const later = await who.change({ addon_message_pack: '1', quantity: '1' })
    expect(later.text).toMatch(/Takes effect on .* UTC/)
    await who.change(fieldsOf(later.text))
    await world.settled()
    expect((await who.read()).pending_change).toMatchObject({ addons: [{ quantity: 1 }] })
    await who.change(fieldsOf((await who.change({ addon_message_pack: '0', when: 'now' })).text))
    await world.settled()
    expect(await who.units()).toEqual([[PRO, 1]])
    expect((await who.read()).pending_change).toBeNull()
  })

  test('are not changed by a review of other items', async () => {
    const who = await aCustomer()
    const stale = await who.change({ addon_message_pack: '1' })
    await who.change(fieldsOf((await who.change({ addon_seat_pack: '1' })).text))
    await world.settled()
    const answer = await who.change(fieldsOf(stale.text))
    expect([answer.status, answer.text.includes('review the change again')]).toEqual([409, true])
    expect(await who.units()).toEqual([
      [PRO, 1],
      ['seat_pack', 1],
    ])
  })

  test('are refused in words: nothing changed, a number that is none, more than fits a subscription', async () => {
    const who = await aCustomer()
    for (const form of [
      { quantity: '1', addon_message_pack: '0' },
      { addon_message_pack: 'two' },
      { addon_message_pack: '-1' },
      { addon_gone: '1' },
    ]) {
      const { status, text } = await who.change(form)
      expect([form, status, text.includes('role="alert"')]).toEqual([form, 409, true])
    }
    expect(await who.units()).toEqual([[PRO, 1]])
  })
})
