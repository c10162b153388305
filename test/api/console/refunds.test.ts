import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldsOf, pagesOf, signInAtConsole } from '../../support/pages.ts'
import { aPayer, type Payer } from '../../support/payer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
let session: { cookie: string; csrf: string }
beforeAll(async () => {
  world = await createWorld({ moneyBack: { onFullRefund: 'cancel', onDispute: 'keep' } })
  session = await signInAtConsole(world.url)
})
afterAll(() => world.close())

const ask = (...request: Parameters<ReturnType<typeof pagesOf>>) => pagesOf(world.url)(...request)
const refundsOf = async ({ customerId }: Payer) => {
  const { data } = await world.stripe.charges.list({ customer: customerId })
  const refunds = await Promise.all(data.map(({ id }) => world.stripe.refunds.list({ charge: id })))
  return refunds.flatMap((each) => each.data.map(({ amount }) => amount))
}

/** A customer with a paid invoice, and the invoice's page. */
async function aPaidInvoice() {
  const payer = await aPayer(world)
  const [{ id }] = await payer.invoices()
  const path = `/console/invoices/${id}`
  const submit = (form: Record<string, string>) =>
    ask(`${path}/refund`, { cookie: session.cookie, form: { csrf: session.csrf, ...form } })
  /** The fields of the review. */
  const review = async (amount: string, to = 'card') => {
    const { status, text } = await submit({ amount, to, reason: 'asked by phone' })
    return { status, text, fields: fieldsOf(text) }
  }
  return { payer, id, path, submit, review, page: () => ask(path, { cookie: session.cookie }) }
}

describe('a refund in the console', () => {
  test('that is confirmed twice, or after another one, returns the money once', async () => {
    const { payer, path, submit, review, page } = await aPaidInvoice()
    const first = await review('5.00')
    const stale = await review('5.00')
    expect(first.text).toContain('Refund $5.00')
    expect(await refundsOf(payer)).toEqual([])
    for (const { status, location } of [await submit(first.fields), await submit(first.fields)])
      expect([status, location]).toEqual([303, `${path}?done=card`])
    const late = await submit(stale.fields)
    expect([late.status, late.text.includes('review it again')]).toEqual([409, true])
    expect(await refundsOf(payer)).toEqual([500])
    expect((await page()).text).toContain('$5.00')
    const { body } = await world.call('GET', `/admin/users/${payer.user}/actions`, {
      headers: { authorization: 'Bearer bk_dev_operator' },
    })
    expect(body.actions).toMatchObject([
      { action: 'refund_invoice', after: { amountMinor: 500, reason: 'asked by phone' } },
    ])
  })

  test('that two operators confirm at once returns the money once', async () => {
    const { payer, submit, review } = await aPaidInvoice()
    const reviews = [await review('4.00'), await review('4.00'), await review('4.00')]
    const answers = await Promise.all(reviews.map(({ fields }) => submit(fields)))
    expect(await refundsOf(payer)).toEqual([400])
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
  })

  test('of too much, of no amount, or with a changed form is refused', async () => {
    const { payer, submit, review } = await aPaidInvoice()
    for (const amount of ['20.01', '0', '-1', '1.234', '1e3', 'all', ''])
      expect([amount, (await review(amount)).status]).toEqual([amount, 409])
    const { fields } = await review('20.00')
    expect((await submit({ ...fields, amount_minor: '999999' })).status).toBe(409)
    expect((await submit({ ...fields, reason: '', key: randomUUID() })).text).toContain(
      'Reason: is missing.',
    )
    expect((await submit({ ...fields, csrf: 'x' })).status).toBe(403)
    expect(await refundsOf(payer)).toEqual([])
  })

  test('of the whole current period says that access ends, and ends it', async () => {
    const { payer, submit, review } = await aPaidInvoice()
    expect((await review('19.99')).text).not.toContain('ends the subscription')
    expect((await review('20.00', 'balance')).text).not.toContain('ends the subscription')
    const whole = await review('20.00')
    expect(whole.text).toContain('This ends the subscription and the access at once')
    await submit(whole.fields)
    await world.settled()
    expect(await payer.read()).toMatchObject({ status: 'canceled', has_access: false })
    expect((await review('0.01')).status).toBe(409)
  })

  test('to the balance is a credit for the next invoice, and counts against a refund', async () => {
    const { payer, path, submit, review, page } = await aPaidInvoice()
    const { text, fields } = await review('15.00', 'balance')
    expect(text).toContain('Credit $15.00')
    expect((await submit(fields)).location).toBe(`${path}?done=balance`)
    const customer = await world.stripe.customers.retrieve(payer.customerId)
    expect(customer).toMatchObject({ balance: -1_500 })
    expect((await review('5.01')).status).toBe(409)
    expect((await page()).text).toContain('At most $5.00 can be returned')
  })

  test('shows the lines, and no page for an invoice that is not known here', async () => {
    const { page } = await aPaidInvoice()
    expect((await page()).text).toContain('Pro')
    for (const id of ['in_unknown', '%2e%2e', "';--"])
      expect((await ask(`/console/invoices/${id}`, { cookie: session.cookie })).status).toBe(404)
  })
})
