import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPayer, type Payer } from '../../support/payer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const chargeOf = async ({ customerId }: Payer, of = world) =>
  (await of.stripe.charges.list({ customer: customerId })).data[0]!
const postToSimulator = (path: string, body: object, of = world) =>
  fetch(`${of.simulator.url}/_simulator${path}`, { method: 'POST', body: JSON.stringify(body) })

describe('a refund', () => {
  test('is on its invoice and in the timeline, and changes neither status nor access', async () => {
    const payer = await aPayer(world)
    const charge = await chargeOf(payer)
    await world.stripe.refunds.create({ charge: charge.id, amount: 500 })
    await world.settled()
    expect(await payer.invoices()).toMatchObject([{ status: 'paid', amount_refunded_minor: 500 }])
    await world.stripe.refunds.create({ charge: charge.id })
    await world.settled()
    expect(await payer.invoices()).toMatchObject([{ amount_refunded_minor: charge.amount }])
    expect(await payer.read()).toMatchObject({ status: 'active', has_access: true })
    expect(await payer.kinds()).toEqual(['payment_refunded', 'payment_refunded'])
  })

  test('that fails is reported as well', async () => {
    const payer = await aPayer(world)
    const refund = await world.stripe.refunds.create({ charge: (await chargeOf(payer)).id })
    await world.settled()
    await postToSimulator(`/refunds/${refund.id}`, { status: 'failed' })
    await world.settled()
    expect(await payer.invoices()).toMatchObject([{ amount_refunded_minor: 0 }])
    expect(await payer.kinds()).toEqual(['payment_refunded', 'refund_failed'])
  })

  test('after the end of the subscription is mirrored as well', async () => {
    const payer = await aPayer(world)
    await world.call('PUT', `/subscriptions/${payer.id}/cancellation`, {
      user: payer.user,
      body: { when: 'now' },
    })
    const charge = await chargeOf(payer)
    await world.stripe.refunds.create({ charge: charge.id })
    await world.settled()
    expect(await payer.invoices()).toMatchObject([{ amount_refunded_minor: charge.amount }])
  })

  test('as a credit note is on its invoice', async () => {
    const payer = await aPayer(world)
    const [invoice] = await payer.invoices()
    await world.stripe.creditNotes.create({ invoice: invoice.id, amount: 700, credit_amount: 700 })
    await world.settled()
    expect(await payer.invoices()).toMatchObject([
      { amount_credited_minor: 700, amount_refunded_minor: 0 },
    ])
    expect(await payer.kinds()).toEqual(['invoice_credited'])
  })
})

describe('a disputed payment', () => {
  test.each(['won', 'lost'])(
    'is on its invoice until it is %s, and ends nothing',
    async (status) => {
      const payer = await aPayer(world)
      const charge = await chargeOf(payer)
      const opened = await postToSimulator('/disputes', { charge: charge.id })
      const dispute = (await opened.json()) as { id: string }
      await world.settled()
      expect(await payer.invoices()).toMatchObject([
        { dispute_status: 'needs_response', is_disputed: true },
      ])
      await postToSimulator(`/disputes/${dispute.id}`, { status })
      await world.settled()
      expect(await payer.invoices()).toMatchObject([{ dispute_status: status, is_disputed: false }])
      expect(await payer.kinds()).toEqual(['dispute_opened', 'dispute_closed'])
      expect(await payer.read()).toMatchObject({ status: 'active', has_access: true })
    },
  )
})

describe('a policy that cancels after a refund', () => {
  let strict: World
  beforeAll(async () => {
    strict = await createWorld({ moneyBack: { onFullRefund: 'cancel', onDispute: 'cancel' } })
  })
  afterAll(() => strict.close())

  test('a partial refund ends nothing, and a full one ends access immediately and once', async () => {
    const payer = await aPayer(strict)
    const charge = await chargeOf(payer, strict)
    await strict.stripe.refunds.create({ charge: charge.id, amount: 500 })
    await strict.settled()
    expect(await payer.read()).toMatchObject({ status: 'active', has_access: true })
    await strict.stripe.refunds.create({ charge: charge.id })
    await strict.settled()
    expect(await payer.read()).toMatchObject({ status: 'canceled', has_access: false })
    expect(await payer.kinds()).toEqual(['payment_refunded', 'payment_refunded', 'canceled'])
    expect(await payer.mails('has ended')).toHaveLength(1)
    const { data } = await strict.stripe.subscriptions.list({ customer: payer.customerId })
    expect(data).toEqual([])
  })

  test('a refund of an earlier invoice ends nothing', async () => {
    const payer = await aPayer(strict)
    const charge = await chargeOf(payer, strict)
    await payer.toRenewal()
    await strict.stripe.refunds.create({ charge: charge.id })
    await strict.settled()
    expect(await payer.read()).toMatchObject({ status: 'active', has_access: true })
  })

  test('a dispute cancels, and its events wait while no worker runs', async () => {
    const payer = await aPayer(strict)
    await strict.stopWorker()
    await postToSimulator('/disputes', { charge: (await chargeOf(payer, strict)).id }, strict)
    await strict.simulator.deliveriesIdle()
    await strict.startWorker()
    await strict.settled()
    expect(await payer.read()).toMatchObject({ status: 'canceled', has_access: false })
  })

  test("cancels for a dispute although a caller's key has the name of the internal command", async () => {
    const payer = await aPayer(strict)
    const [invoice] = await payer.invoices()
    const key = `money-back/${invoice.id}`
    await payer.ask('PUT', '/cancellation', { when: 'period_end' }, { key })
    await payer.ask('DELETE', '/cancellation')
    await postToSimulator('/disputes', { charge: (await chargeOf(payer, strict)).id }, strict)
    await strict.settled()
    expect(await payer.read()).toMatchObject({ status: 'canceled', has_access: false })
  })
})
