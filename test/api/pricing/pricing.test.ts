import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyCatalogue } from '../../../adapters/catalogue/apply.ts'
import { readCatalogueFile } from '../../../adapters/catalogue/file.ts'
import { readApiConfig } from '../../../api/config.ts'
import { createWorld, type World } from '../../support/world.ts'

const PLANS = {
  features: {
    api_calls: { name: 'API calls', type: 'metered', unit: 'call' },
    sso: { name: '</script><b>SSO</b>', type: 'boolean' },
  },
  plans: {
    plan_api: {
      name: 'API </script>',
      rank: 30,
      product_line: 'api',
      period: { every: 3, unit: 'month' },
      price: { amount_minor: 4_500, currency: 'usd' },
      trial_days: 10,
      usage_prices: {
        api_calls: {
          model: 'graduated',
          tiers: [
            { up_to: 1_000, unit_amount_decimal: '0.5' },
            { unit_amount_decimal: '0.25', flat_amount_minor: 100 },
          ],
        },
      },
      other_prices: [
        {
          amount_minor: 4_100,
          currency: 'eur',
          usage_prices: {
            api_calls: { model: 'package', unit_amount_decimal: '200', package_size: 500 },
          },
        },
      ],
      features: {
        api_calls: { quota_limit: 10_000, overage: 'bill', per_quantity: true },
        sso: {},
      },
    },
    message_pack: {
      name: 'Message pack',
      kind: 'addon',
      rank: 50,
      period: 'monthly',
      price: { amount_minor: 500, currency: 'usd' },
      features: { messages_sent: { quota_limit: 1_000, per_quantity: true } },
    },
  },
}

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
  const { catalogue } = world.container.repositories
  const read = readCatalogueFile(JSON.stringify(PLANS), await catalogue.listFeatures())
  if (read.kind === 'wrong') throw new Error(JSON.stringify(read.problems))
  await applyCatalogue(catalogue, read.file, { at: new Date(), by: 'test' })
})
afterAll(() => world.close())

const get = async (query = '', headers: Record<string, string> = {}) => {
  const answer = await fetch(`${world.url}/pricing${query}`, { headers })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
const namesIn = (text: string) =>
  [...text.matchAll(/<h[23]>([^<]*)<\/h[23]>/g)].map(([, name]) => name)

describe('the pricing page', () => {
  test('shows the plans of a period to everybody, and free plans in each', async () => {
    const monthly = await get()
    expect(monthly.status).toBe(200)
    expect(namesIn(monthly.text)).toEqual(['Free', 'Starter', 'Pro', 'Enterprise', 'Message pack'])
    expect(monthly.text).toContain('>Add-ons</h2>')
    for (const words of ['$20.00', 'per month', '14-day free trial', '10,000 per billing period'])
      expect(monthly.text).toContain(words)
    expect(monthly.text).not.toContain('noindex')
    expect(namesIn((await get('?period=yearly')).text)).toEqual(['Free', 'Pro (yearly)'])
    expect((await get('?period=never')).text).toBe(monthly.text)
    expect((await get('?perlod=yearly')).status).toBe(422)
  })

  test('unfolds tiers in words, in the currency that was chosen', async () => {
    const { text } = await get('?period=3-months')
    for (const words of [
      '$45.00',
      'every 3 months',
      '10,000 per billing period, for each unit',
      'up to 1,000: $0.005 each',
      'above 1,000: $0.0025 each, plus $1.00 once',
    ])
      expect(text).toContain(words)
    const euros = await get('?period=3-months&currency=eur')
    expect(euros.text).toContain('€41.00')
    expect(euros.text).toContain('€2.00 for each begun 500')
    // Not sold in euros: in its own currency.
    expect((await get('?currency=eur')).text).toContain('$20.00')
  })

  test('speaks Portuguese, as the browser or the address asks', async () => {
    const { text, headers } = await get('', { 'accept-language': 'pt-BR,pt;q=0.9' })
    expect(text).toContain('<html lang="pt-BR">')
    for (const words of ['Planos e preços', 'Grátis', 'por mês', 'Mensal', 'Anual'])
      expect(text).toContain(words)
    expect(headers.get('vary')).toContain('Accept-Language')
    expect((await get('?locale=pt')).text).toContain('Planos e preços')
  })

  test('leads to the address of the operator, with plan and currency', async () => {
    expect((await get()).text).toContain(
      'href="https://app.example/buy?from=pricing&amp;plan=plan_pro_monthly&amp;currency=usd"',
    )
  })

  test('describes the offers to search engines, and no name ends the element', async () => {
    const { text } = await get('?period=3-months')
    const blocks = [...text.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)]
    expect(blocks).toHaveLength(1)
    const { itemListElement } = JSON.parse(blocks[0]![1]!)
    expect(itemListElement.at(-1).item).toMatchObject({
      name: 'API </script>',
      offers: {
        price: '45.00',
        priceCurrency: 'USD',
        priceSpecification: { referenceQuantity: { value: 3, unitCode: 'MON' } },
      },
    })
    expect(text).not.toContain('<b>SSO')
  })

  test('may be kept for a minute, and only the configured origins may show it in a frame', async () => {
    const { headers } = await get()
    expect(headers.get('cache-control')).toBe('public, max-age=60')
    expect(headers.get('content-security-policy')).toContain(
      "script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors https://www.example",
    )
    expect(headers.get('set-cookie')).toBeNull()
    const refused = await get('?unknown=1')
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.headers.get('cache-control') ?? '').not.toContain('public')
  })
})

describe('the configuration of the pricing page', () => {
  const read = (given: Record<string, string>) =>
    readApiConfig({
      ...world.workerEnvironment,
      STRIPE_WEBHOOK_SECRET: world.webhookSecret,
      PUBLIC_URL: world.url,
      SESSION_SECRET: 'a secret of the tests that has enough letters',
      ...given,
    }).pages?.pricing

  test('has neither an address for buttons nor a frame by itself', () => {
    expect(read({})).toEqual({ chooseUrl: undefined, frameOrigins: [] })
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', '/buy', 'ftp://app.example'])(
    'refuses the address %s',
    (address) => {
      expect(() => read({ PRICING_CHOOSE_URL: address })).toThrow(/PRICING_CHOOSE_URL/)
    },
  )

  test.each([
    "https://a.example; script-src 'unsafe-inline'",
    'https://*',
    'https://a.example/x',
    '*',
  ])('refuses the origin %s', (origin) => {
    expect(() => read({ PRICING_FRAME_ORIGINS: origin })).toThrow(/PRICING_FRAME_ORIGINS/)
  })
})
