import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlanInConsole } from '../../support/console-plan.ts'
import { pagesOf, signInAtConsole } from '../../support/pages.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
let session: { cookie: string; csrf: string }
beforeAll(async () => {
  world = await createWorld({ worker: false })
  session = await signInAtConsole(world.url)
})
afterAll(() => world.close())

const page = (path: string) => pagesOf(world.url)(path, { cookie: session.cookie })
const aPlan = () =>
  aPlanInConsole(world, (path, form = {}) =>
    pagesOf(world.url)(path, {
      cookie: session.cookie,
      form: { csrf: session.csrf, key: randomUUID(), ...form },
    }),
  )

describe('the form of a draft', () => {
  test('sets limits of one unit and usage prices, and shows the draft beside the version on sale', async () => {
    const { path, draft, publish, read } = await aPlan()
    await draft()
    await publish(1)
    const tiers = {
      each_messages_sent: 'yes',
      over_messages_sent: 'bill',
      model_messages_sent: 'graduated',
      tiers_messages_sent: '4',
      tier_0_to_messages_sent: '1000',
      tier_0_amount_messages_sent: '0.0005',
      // An empty row in between is no tier.
      tier_2_to_messages_sent: '',
      tier_2_amount_messages_sent: '0.00025',
      tier_2_flat_messages_sent: '1.00',
      // A field of another model is ignored.
      amount_messages_sent: 'nonsense',
    }
    expect((await draft({ base: '1', ...tiers })).location).toBe(`${path}?done=draft`)
    expect((await read())[0]).toMatchObject({
      features: [{ code: 'messages_sent', per_quantity: true, overage: 'bill', quota_limit: 100 }],
      usage_prices: [
        {
          model: 'graduated',
          tiers: [
            { up_to: 1000, unit_amount_decimal: '0.05', flat_amount_minor: 0 },
            { up_to: null, unit_amount_decimal: '0.025', flat_amount_minor: 100 },
          ],
        },
      ],
    })
    const { text } = await page(path)
    for (const words of ['Draft, version 2', 'On sale now', 'for each unit', '$0.0005 each'])
      expect(text).toContain(words)
    expect(text).toMatch(/name="tier_1_amount_messages_sent"[^>]*value="0.00025"/)
    const models = { model_messages_sent: 'package', amount_messages_sent: '2' }
    const packages = { ...models, size_messages_sent: '500', round_messages_sent: 'down' }
    await draft({ base: '2', edit: 'yes', over_messages_sent: 'bill', ...packages })
    expect((await read())[0].usage_prices).toMatchObject([
      { model: 'package', unit_amount_decimal: '200', package_size: 500, round: 'down' },
    ])
    await draft({ base: '2', edit: 'yes', model_messages_sent: '' })
    expect((await read())[0].usage_prices).toEqual([])
  })

  test('adds and removes a row of tiers without a script, and keeps what was written', async () => {
    const { draft, read } = await aPlan()
    const written = {
      price: '77.70',
      model_messages_sent: 'volume',
      tiers_messages_sent: '2',
      tier_0_to_messages_sent: '10',
      tier_1_to_messages_sent: '20',
    }
    const added = await draft({ ...written, add_tier: 'messages_sent' })
    expect(added.status).toBe(200)
    expect(added.text).toMatch(/name="tiers_messages_sent" value="3"/)
    expect(added.text).toMatch(/name="tier_2_to_messages_sent"[^>]*autofocus/)
    expect(added.text).toMatch(/name="price"[^>]*value="77.70"/)
    const removed = await draft({ ...written, remove_tier: '0_messages_sent' })
    expect(removed.text).toMatch(/name="tiers_messages_sent" value="1"/)
    expect(removed.text).toMatch(/name="tier_0_to_messages_sent"[^>]*value="20"/)
    for (const remove_tier of ['9_messages_sent', 'x', '0_nonsense', '0___proto__'])
      expect((await draft({ ...written, remove_tier })).status).toBe(200)
    expect(await read()).toEqual([])
  })

  test('shows each mistake beside its field, with what was written', async () => {
    const { draft, read } = await aPlan()
    const priced = {
      over_messages_sent: 'bill',
      model_messages_sent: 'graduated',
      tiers_messages_sent: '3',
      tier_1_to_messages_sent: '50',
      tier_1_amount_messages_sent: '0.1',
      tier_2_to_messages_sent: '40',
      tier_2_amount_messages_sent: '0.2',
    }
    for (const [wrong, field, words] of [
      [{ price: 'much' }, 'price', 'Enter the price'],
      [{ limit_messages_sent: '-1' }, 'limit_messages_sent', 'Must be at least 0.'],
      [{ ...priced, over_messages_sent: 'refuse' }, 'model_messages_sent', 'not billed'],
      [
        { ...priced, tier_1_amount_messages_sent: 'x' },
        'tier_1_amount_messages_sent',
        'Enter an amount',
      ],
      [priced, 'tier_2_to_messages_sent', 'Must be'],
    ] as const) {
      const { status, text } = await draft(wrong)
      const [, error] = new RegExp(`id="new-${field}-error"[^>]*>([^<]*)<`).exec(text) ?? []
      expect([field, status, error]).toEqual([field, 409, expect.stringContaining(words)])
      expect(text).toMatch(
        new RegExp(
          `name="${field}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*name="${field}"`,
        ),
      )
    }
    expect(await read()).toEqual([])
  })

  test('starts a version in another currency from one that is on sale', async () => {
    const { path, draft, publish, read } = await aPlan()
    await draft()
    await publish(1)
    await draft({ base: '1', currency: 'eur', price: '11' })
    await publish(2)
    expect(await read()).toMatchObject([
      { on_sale: true, price: { currency: 'eur' } },
      { on_sale: true, price: { currency: 'usd' } },
    ])
    expect((await page(`${path}?from=2`)).text).toMatch(/id="new-currency"[^>]*value="eur"/)
    expect((await page(`${path}?from=1`)).text).toMatch(/id="new-currency"[^>]*value="usd"/)
  })
})
