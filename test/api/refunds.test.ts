import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPayer, type Payer } from '../support/payer.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const chargeOf = async ({ customerId }: Payer, of = world) =>
  (await of.stripe.charges.list({ customer: customerId })).data[0]!
const tellSimulator = (path: string, body: object, of = world) =>
  fetch(`${of.simulator.url}/_simulator${path}`, { method: 'POST', body: JSON.stringify(body) })

describe('money that goes back', () => {
  test('is on its bill and in the timeline, and ends neither status nor access', async () => {
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

  test('and comes back, because the bank refused it, is told too', async () => {
    const payer = await aPayer(world)
    const refund = await world.stripe.refunds.create({ charge: (await chargeOf(payer)).id })
    await world.settled()
    await tellSimulator(`/refunds/${refund.id}`, { status: 'failed' })
    await world.settled()
    expect(await payer.invoices()).toMatchObject([{ amount_refunded_minor: 0 }])
    expect(await payer.kinds()).toEqual(['payment_refunded', 'refund_failed'])
  })

  test('after the subscription is over is mirrored all the same', async () => {
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

  test('as credit of a note is on its bill', async () => {
    const payer = await aPayer(world)
    const [bill] = await payer.invoices()
    await world.stripe.creditNotes.create({ invoice: bill.id, amount: 700, credit_amount: 700 })
    await world.settled()
    expect(await payer.invoices()).toMatchObject([
      { amount_credited_minor: 700, amount_refunded_minor: 0 },
    ])
    expect(await payer.kinds()).toEqual(['invoice_credited'])
  })
})

describe('a payment that is disputed', () => {
  test.each(['won', 'lost'])('is on its bill until it is %s, and ends nothing', async (status) => {
    const payer = await aPayer(world)
    const charge = await chargeOf(payer)
    const opened = await tellSimulator('/disputes', { charge: charge.id })
    const dispute = (await opened.json()) as { id: string }
    await world.settled()
    expect(await payer.invoices()).toMatchObject([
      { dispute_status: 'needs_response', is_disputed: true },
    ])
    await tellSimulator(`/disputes/${dispute.id}`, { status })
    await world.settled()
    expect(await payer.invoices()).toMatchObject([{ dispute_status: status, is_disputed: false }])
    expect(await payer.kinds()).toEqual(['dispute_opened', 'dispute_closed'])
    expect(await payer.read()).toMatchObject({ status: 'active', has_access: true })
  })
})

describe('where the operator wants money that goes back to end it', () => {
  let strict: World
  beforeAll(async () => {
    strict = await createWorld({ moneyBack: { onFullRefund: 'cancel', onDispute: 'cancel' } })
  })
  afterAll(() => strict.close())

  test('a part of the bill ends nothing, the whole of it ends access at once, and once', async () => {
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

  test('a refund of a bill of the past ends nothing', async () => {
    const payer = await aPayer(strict)
    const charge = await chargeOf(payer, strict)
    await payer.toRenewal()
    await strict.stripe.refunds.create({ charge: charge.id })
    await strict.settled()
    expect(await payer.read()).toMatchObject({ status: 'active', has_access: true })
  })

  test('a dispute ends it, and while no worker runs its events wait', async () => {
    const payer = await aPayer(strict)
    await strict.stopWorker()
    await tellSimulator('/disputes', { charge: (await chargeOf(payer, strict)).id }, strict)
    await strict.simulator.deliveriesIdle()
    await strict.startWorker()
    await strict.settled()
    expect(await payer.read()).toMatchObject({ status: 'canceled', has_access: false })
  })
})
