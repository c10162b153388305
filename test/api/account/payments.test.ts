import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pay } from '../../support/checkout-page.ts'
import { pagesOf } from '../../support/pages.ts'
import { aPayer } from '../../support/payer.ts'
import { subscribe, unpaidCustomer } from '../../support/customer.ts'
import { askOperator } from '../../support/migrations.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'the secret of an issuer of tokens of users'

let world: World
beforeAll(async () => {
  world = await createWorld({ access: { userTokens: { secret: SECRET } } })
})
afterAll(() => world.close())

const ask = (...request: Parameters<ReturnType<typeof pagesOf>>) => pagesOf(world.url)(...request)

async function signIn(user: string) {
  const token = await new SignJWT({ email: `${user}@example.com` })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime(new Date(world.clock.now().getTime() + 3_600_000))
    .sign(new TextEncoder().encode(SECRET))
  const { cookie } = await ask('/account/session', { form: { token } })
  const { text } = await ask('/account', { cookie })
  return { cookie, text }
}

test('confirms a payment by itself after checkout, and never offers to pay again', async () => {
  const who = await unpaidCustomer(world)
  const { cookie } = await signIn(who.user)
  const waiting = await ask('/account?done=payment', { cookie })
  expect(waiting.text).toContain('Confirming your payment…')
  expect(waiting.headers.get('refresh')).toBe('2; url=/account?done=payment&looks=1')
  expect(waiting.text).not.toContain('Continue to payment')
  const [{ body }] = [await who.ask('GET', '')]
  expect(body.status).toBe('incomplete')
  const givenUp = await ask('/account?done=payment&looks=60', { cookie })
  expect(givenUp.headers.get('refresh')).toBeNull()
  await pay((await who.read()).checkout.url)
  await world.settled()
  const paid = await ask('/account?done=payment&looks=3', { cookie })
  expect(paid.headers.get('refresh')).toBeNull()
  expect(paid.text).toContain('Your subscription is ready.')
})

test('shows what was refunded and what credit paid, in both invoice tables', async () => {
  const payer = await aPayer(world)
  const { data } = await world.stripe.charges.list({ customer: payer.customerId })
  await world.stripe.refunds.create({ charge: data[0]!.id, amount: 500 })
  await world.stripe.customers.update(payer.customerId, { balance: -700 })
  await payer.toRenewal()
  const { text } = await signIn(payer.user)
  expect(text).toContain('$5.00 refunded')
  expect(text).toContain('$7.00 from your credit')
  const operator = await ask('/console/sign-in', { form: { key: 'bk_dev_operator' } })
  const { cookie } = operator
  expect((await ask(`/console/subscriptions/${payer.id}`, { cookie })).text).toContain('$5.00')
})

test('the cost of usage beyond a limit is shown tier by tier, as the invoice will have it', async () => {
  await askOperator(world, 'PUT', '/plans/plan_tiers', { name: 'Tiers', rank: 12 })
  await askOperator(world, 'POST', '/plans/plan_tiers/versions', {
    period: 'monthly',
    price: { amount_minor: 1_000, currency: 'usd' },
    features: [{ code: 'messages_sent', quota_limit: 10, overage: 'bill' }],
    usage_prices: [
      {
        feature: 'messages_sent',
        model: 'graduated',
        tiers: [
          { up_to: 100, unit_amount_decimal: '2.5', flat_amount_minor: 0 },
          { unit_amount_decimal: '0.25', flat_amount_minor: 300 },
        ],
      },
    ],
  })
  await askOperator(world, 'PUT', '/plans/plan_tiers/versions/1/publication', {})
  const who = await subscribe(world, 'plan_tiers')
  await who.consume(10 + 300)
  const text = (await signIn(who.user)).text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(text).toMatch(/Over the limit: so far \$6\.00, at this rate \$\d/)
  expect(text).toContain('100 × $0.025 $2.50 200 × $0.0025 $0.50 Once $3.00')
})
