import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sellTrialPlan, TRIAL_PLAN } from '../../support/plans.ts'
import { aPayer, type Payer } from '../../support/payer.ts'
import { subscribe } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await sellTrialPlan(world)
})
afterAll(() => world.close())

const DAY_MS = 86_400_000
const MANAGE = 'https://app.example/billing'
const ANY_DAY = /[A-Z][a-z]+ \d{1,2}, \d{4}/.source

/** The only e-mail with this subject. */
async function theLetter(payer: Payer, subject: string) {
  const found = await payer.mails(subject)
  expect(found.map((mail) => mail.subject)).toHaveLength(1)
  return found[0]!
}

describe('a letter says what was charged, for what, and what comes next', () => {
  test('after a first purchase and a renewal, with the invoice and how to cancel', async () => {
    const payer = await aPayer(world)
    const first = await theLetter(payer, 'is active')
    expect(first.text).toMatch(/We received \$20\.00/)
    await payer.toRenewal()
    const { text, html } = await theLetter(payer, 'was renewed')
    for (const part of [text, html]) {
      expect(part).toMatch(/We received \$20\.00/)
      expect(part).toContain('Pro, $20.00 per month')
      expect(part).toMatch(new RegExp(`\\$20\\.00 on ${ANY_DAY}`))
      expect(part).toContain(`${world.simulator.url}/i/`)
      expect(part).toContain(MANAGE)
    }
  })

  test('after an upgrade in mid period: what was charged, not the price', async () => {
    const payer = await aPayer(world)
    await payer.after(10)
    await payer.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' })
    await world.settled()
    const [invoice] = await payer.stripeInvoices()
    const charged = `$${((invoice?.amount_paid ?? 0) / 100).toFixed(2)}`
    expect(invoice!.amount_paid).toBeLessThan(50_000)
    const { text } = await theLetter(payer, 'is now Enterprise')
    expect(text).toContain(`from Pro to Enterprise. We charged ${charged}`)
    expect(text).toContain('$500.00 per month')
    expect(text).toContain(invoice!.hosted_invoice_url!)
    expect(text).toContain(MANAGE)
  })

  test('when credit pays a renewal, instead of “We received $0.00”', async () => {
    const payer = await aPayer(world)
    await world.stripe.customers.update(payer.customerId, { balance: -5_000 })
    await payer.toRenewal()
    const { text } = await theLetter(payer, 'was renewed')
    expect(text).toContain('$20.00 was paid from your credit.')
    expect(text).not.toContain('$0.00')
  })

  test('when credit pays a part of it', async () => {
    const payer = await aPayer(world)
    await world.stripe.customers.update(payer.customerId, { balance: -500 })
    await payer.toRenewal()
    const { text } = await theLetter(payer, 'was renewed')
    expect(text).toContain('We received $15.00, and $5.00 was paid from your credit.')
  })

  test('before a trial ends: that the card is charged, how much, when and how to cancel; then that it started', async () => {
    const payer = await aPayer(world, TRIAL_PLAN)
    const { trial_end: end } = await payer.read()
    await world.advanceTo(new Date(Date.parse(end) - 2 * DAY_MS))
    const reminder = await theLetter(payer, 'trial ends soon')
    expect(reminder.text).toMatch(
      new RegExp(
        `On ${ANY_DAY} your card will be charged \\$30\\.00 .*\\$30\\.00 per month, unless you cancel`,
      ),
    )
    expect(reminder.text).toContain(`Manage or cancel your trial: ${MANAGE}`)
    await world.advanceTo(new Date(Date.parse(end) + DAY_MS))
    const started = await theLetter(payer, 'subscription has started')
    expect(started.text).toContain('Your trial has ended')
    expect(started.text).toContain('We received $30.00.')
    expect(await payer.mails('was renewed')).toEqual([])
  })

  test('when an invoice is paid after the end: that it stays ended, and operators see it', async () => {
    const payer = await aPayer(world)
    await payer.cards('declines')
    await payer.toRenewal()
    await payer.ask('PUT', '/cancellation', { when: 'now' })
    await world.settled()
    await payer.cards('succeeds')
    await payer.payInvoice()
    expect((await payer.read()).status).toBe('canceled')
    const { text } = await theLetter(payer, 'We received your payment')
    expect(text).toMatch(/We received \$20\.00\./)
    expect(text).toMatch(new RegExp(`ended on ${ANY_DAY} and stays ended`))
    expect(await payer.mails('was renewed')).toEqual([])
    expect(await payer.kinds()).toContain('paid_after_end')
  })
})

describe('a customer gets one letter', () => {
  test('when a cancellation is scheduled, with its day and a way back', async () => {
    const payer = await aPayer(world)
    await payer.ask('PUT', '/cancellation', { when: 'period_end' })
    await world.settled()
    const { text } = await theLetter(payer, 'subscription will end')
    expect(text).toContain(`Keep my subscription: ${MANAGE}`)
  })

  test('when a downgrade is scheduled, with its day and its price', async () => {
    const payer = await aPayer(world, 'plan_enterprise')
    await payer.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
    await world.settled()
    const { text } = await theLetter(payer, 'Your plan will change to Pro')
    expect(text).toContain('you have Pro for $20.00 per month. Nothing is charged before.')
  })

  test('for each refund, with its amount', async () => {
    const payer = await aPayer(world)
    const { data } = await world.stripe.charges.list({ customer: payer.customerId })
    for (const amount of [500, 700]) {
      await world.stripe.refunds.create({ charge: data[0]!.id, amount })
      await world.settled()
    }
    await world.container.mirrorInvoice((await payer.stripeInvoices())[0]!.id, world.clock.now())
    await world.settled()
    const [second, first, ...more] = await payer.mails('We refunded your payment')
    expect(first!.text).toContain('We refunded $5.00 of your payment for Pro')
    expect(second!.text).toContain('We refunded $7.00 of your payment for Pro')
    expect(more).toEqual([])
    const { body } = await payer.ask('GET', '/timeline')
    const causes = body.changes.map(({ cause }: { cause: string }) => cause)
    expect(causes).toContainEqual(expect.stringMatching(/^invoice \S+, \$7\.00$/))
  })

  test('when access is lost, with the page to pay', async () => {
    const payer = await aPayer(world)
    await payer.cards('declines')
    await payer.toRenewal()
    await payer.after(7.5)
    expect((await payer.read()).has_access).toBe(false)
    const { text } = await theLetter(payer, 'Your access to Pro is suspended')
    expect(text).toMatch(/could not collect \$20\.00/)
    expect(text).toMatch(/Pay now: http/)
  })

  test('in Portuguese, in both parts', async () => {
    const body = { locale: 'pt-BR' }
    const { email } = await subscribe(world, 'plan_pro_monthly', { body })
    const [mail] = await world.mailsTo(email)
    expect(mail!.html).toContain('lang="pt-BR"')
    for (const part of [mail!.text, mail!.html])
      expect(part).toMatch(/Recebemos US\$\s20,00[\s\S]*US\$\s20,00 por mês/)
  })
})
