import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPayer, type Payer } from '../../support/payer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const FAILED = 'failed'
const consume = async ({ user }: Payer) =>
  (await world.call('POST', '/usage/consume', { user, body: { feature: 'messages_sent' } })).body

describe('a declined renewal', () => {
  test('keeps access for the grace days, reports each attempt once, and is canceled by Stripe', async () => {
    const payer = await aPayer(world)
    await payer.cards('declines')
    await payer.toRenewal()
    const behind = await payer.read()
    expect(behind).toMatchObject({ status: 'past_due', has_access: true })
    expect(await consume(payer)).toMatchObject({ outcome: 'allowed' })
    expect(await payer.kinds()).toEqual(['renewed', 'payment_failed'])
    const [first] = await payer.mails(FAILED)
    expect(first!.text).toMatch(/try again on .+\n\nPay now: http/)

    await payer.after(6)
    expect((await payer.read()).has_access).toBe(true)
    await payer.after(1.5)
    expect(await payer.read()).toMatchObject({
      status: 'past_due',
      has_access: false,
      access_until: behind.access_until,
    })
    expect(await consume(payer)).toMatchObject({ outcome: 'refused', reason: 'no_access' })
    expect(await payer.kinds()).toEqual([
      'renewed',
      'payment_failed',
      'payment_retry_failed',
      'access_ended',
    ])

    await payer.after(10)
    expect(await payer.read()).toMatchObject({ status: 'canceled', has_access: false })
    const kinds = await payer.kinds()
    expect(kinds.filter((kind) => kind === 'payment_retry_failed')).toHaveLength(3)
    expect(kinds.filter((kind) => kind === 'access_ended')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'canceled')).toHaveLength(1)
    expect(await payer.mails(FAILED)).toHaveLength(4)
    expect(await payer.mails('has ended')).toHaveLength(1)
    expect(await payer.mails('was renewed')).toEqual([])
  })

  test.each([
    { retry: 1, days: [3.5], between: [] },
    // The second retry is on the eighth day, after the grace days. The third one, a week later, is the last.
    { retry: 2, days: [3.5, 5], between: ['payment_retry_failed', 'access_ended'] },
    {
      retry: 3,
      days: [3.5, 5, 7],
      between: ['payment_retry_failed', 'access_ended', 'payment_retry_failed'],
    },
  ])(
    'recovers if retry $retry succeeds, and is reported as a renewal',
    async ({ days, between }) => {
      const payer = await aPayer(world)
      await payer.cards('declines')
      await payer.toRenewal()
      for (const wait of days.slice(0, -1)) await payer.after(wait)
      await payer.cards('succeeds')
      await payer.after(days.at(-1)!)
      expect(await payer.read()).toMatchObject({
        status: 'active',
        has_access: true,
        access_until: null,
      })
      expect(await payer.kinds()).toEqual(['renewed', 'payment_failed', ...between, 'recovered'])
      expect(await payer.mails(FAILED)).toHaveLength(days.length)
      expect(await payer.mails('was renewed')).toHaveLength(1)
    },
  )

  test('reports each attempt once, even if each event arrives three times in any order', async () => {
    const payer = await aPayer(world)
    await payer.cards('declines')
    for (const rule of [
      { action: 'duplicate', times: 3, count: 1_000, types: ['invoice.payment_failed'] },
      { action: 'reorder', count: 4, seed: 7 },
    ])
      await fetch(`${world.simulator.url}/_simulator/deliveries`, {
        method: 'POST',
        body: JSON.stringify(rule),
      })
    await payer.toRenewal()
    await payer.after(3.5)
    await fetch(`${world.simulator.url}/_simulator/deliveries`, { method: 'DELETE' })
    await world.settled()
    expect((await payer.kinds()).filter((kind) => kind.startsWith('payment_'))).toEqual([
      'payment_failed',
      'payment_retry_failed',
    ])
    expect(await payer.mails(FAILED)).toHaveLength(2)
  })

  test('is detected by its invoice if the event of the subscription is lost, and the reverse', async () => {
    const ofInvoices = ['created', 'updated', 'finalized', 'payment_failed']
    for (const lost of [
      ['customer.subscription.updated'],
      ofInvoices.map((name) => `invoice.${name}`),
    ]) {
      const payer = await aPayer(world)
      await payer.cards('declines')
      await fetch(`${world.simulator.url}/_simulator/deliveries`, {
        method: 'POST',
        body: JSON.stringify({ action: 'drop', count: 1_000, types: lost }),
      })
      await payer.toRenewal()
      await fetch(`${world.simulator.url}/_simulator/deliveries`, { method: 'DELETE' })
      expect((await payer.read()).status).toBe('past_due')
      expect(await payer.mails(FAILED)).toHaveLength(1)
    }
  }, 120_000)

  test('is reported once by twenty concurrent readings of its invoice', async () => {
    const payer = await aPayer(world)
    await payer.cards('declines')
    await payer.toRenewal()
    const { data } = await world.stripe.invoices.list({ customer: payer.customerId, limit: 1 })
    const before = await payer.kinds()
    await world.database.pool.query('delete from invoices where id = $1', [data[0]!.id])
    await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        world.container.mirrorInvoice(data[0]!.id, world.clock.now()),
      ),
    )
    await world.settled()
    expect(await payer.kinds()).toEqual(before)
    expect(await payer.mails(FAILED)).toHaveLength(1)
  })

  test('is paid with another card from the customer portal', async () => {
    const payer = await aPayer(world)
    await payer.cards('declines')
    await payer.toRenewal()
    const { body } = await world.call('POST', '/portal', {
      user: payer.user,
      body: { return_url: 'https://app.example/billing' },
    })
    await fetch(`${body.url}/card`, {
      method: 'POST',
      body: new URLSearchParams({ card: '4242424242424242' }),
    })
    await payer.after(3.5)
    expect(await payer.read()).toMatchObject({ status: 'active', has_access: true })
  })
})

describe('a renewal that needs confirmation by the customer', () => {
  test('sends a letter with the confirmation page, and renews after the confirmation', async () => {
    const payer = await aPayer(world)
    await payer.cards('authenticates')
    await payer.toRenewal()
    expect((await payer.read()).status).toBe('past_due')
    const [mail, ...more] = await payer.mails('Please confirm')
    expect(more).toEqual([])
    expect(await payer.mails(FAILED)).toEqual([])
    const [, page] = /Confirm the payment: (\S+)/.exec(mail!.text) ?? []
    await fetch(`${page}/challenge`, {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'pass' }),
    })
    await world.settled()
    expect(await payer.read()).toMatchObject({ status: 'active', has_access: true })
    // The events of the invoice and of the subscription are processed concurrently.
    const kinds = await payer.kinds()
    expect(kinds.toSorted()).toEqual(
      ['renewed', 'payment_failed', 'payment_action_required', 'recovered'].toSorted(),
    )
    expect(kinds.at(-1)).toBe('recovered')
    expect(await payer.mails('was renewed')).toHaveLength(1)
  })
})

describe('an invoice that Stripe stops collecting without canceling the subscription', () => {
  let lenient: World
  beforeAll(async () => {
    lenient = await createWorld({
      stripe: { afterLastAttempt: 'unpaid' },
      mailDisabledKinds: ['subscription_confirmed'],
    })
  })
  afterAll(() => lenient.close())

  test('leaves the subscription unpaid and without access, until the invoice is paid', async () => {
    const payer = await aPayer(lenient)
    await payer.cards('declines')
    await payer.toRenewal()
    await payer.after(15)
    expect(await payer.read()).toMatchObject({ status: 'unpaid', has_access: false })
    const last = (await payer.mails(FAILED)).find(({ text }) => text.includes('will not try again'))
    const [, page] = /Pay now: (\S+)/.exec(last!.text) ?? []
    await fetch(page!, { method: 'POST', body: new URLSearchParams({ card: '4242424242424242' }) })
    await lenient.settled()
    expect(await payer.read()).toMatchObject({ status: 'active', has_access: true })
    expect((await payer.kinds()).at(-1)).toBe('recovered')
  })

  test('and an e-mail of a disabled kind is stored as skipped and not sent', async () => {
    const payer = await aPayer(lenient)
    expect(await lenient.mailsTo(payer.email)).toEqual([])
    const { rows } = await lenient.database.pool.query(
      'select kind, state, last_error from notices where subscription_id = $1',
      [payer.id],
    )
    expect(rows).toEqual([
      {
        kind: 'subscription_confirmed',
        state: 'skipped',
        last_error: 'e-mails of this kind are switched off',
      },
    ])
  })
})
