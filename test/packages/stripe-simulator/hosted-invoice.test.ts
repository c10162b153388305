import { expect, test } from 'vitest'
import { advanceTo, aSubscription, aWorld, idOf, useCard } from './support.ts'

async function aFailingRenewal(card: string) {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  const { id, customer } = await aSubscription(stripe)
  await useCard(stripe, idOf(customer), card)
  await advanceTo(world, '2026-05-01T01:00:00Z')
  const { latest_invoice: invoice } = await stripe.subscriptions.retrieve(id)
  const { hosted_invoice_url: url } = await stripe.invoices.retrieve(idOf(invoice))
  const press = (path: string, form: Record<string, string>) =>
    fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
  return { world, stripe, id, url: url!, press }
}

test('a failed invoice is paid on its page with another card, which is kept', async () => {
  const { stripe, id, url, press } = await aFailingRenewal('pm_card_chargeCustomerFail')
  expect(await (await fetch(url)).text()).toContain('Pay $15.00')
  const declined = await press('', { card: '4000000000000002' })
  expect(declined.status).toBe(402)
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due')
  expect((await press('', { card: '5555555555554444' })).status).toBe(303)
  const recovered = await stripe.subscriptions.retrieve(id, { expand: ['default_payment_method'] })
  expect(recovered).toMatchObject({
    status: 'active',
    default_payment_method: { card: { last4: '4444' } },
  })
  expect(await (await fetch(url)).text()).toContain('This invoice is paid.')
  await press('', { card: '4242424242424242' })
  expect((await stripe.charges.list()).data.filter(({ paid }) => paid)).toHaveLength(2)
})

test('an invoice that requires authentication is confirmed on its page', async () => {
  const { stripe, id, press } = await aFailingRenewal('pm_card_authenticationRequired')
  expect((await press('/challenge', { outcome: 'fail' })).status).toBe(402)
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due')
  expect((await press('/challenge', { outcome: 'complete' })).status).toBe(303)
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
})

test('canceled at once with proration, unused time becomes credit', async () => {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  const { id, customer } = await aSubscription(stripe)
  await advanceTo(world, '2026-04-16T00:00:00Z')
  await stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true })
  expect(await stripe.customers.retrieve(idOf(customer))).toMatchObject({ balance: -750 })
  const plain = await aSubscription(stripe)
  await stripe.subscriptions.cancel(plain.id)
  expect(await stripe.customers.retrieve(idOf(plain.customer))).toMatchObject({ balance: 0 })
})
