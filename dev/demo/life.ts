import { z } from 'zod'
import { createCustomer, type Customer } from './customer.ts'
import { createStory, type Story } from './story.ts'
import { readStackFile } from '../stack-file.ts'
import { openStackTravel, type StackTravel } from '../stack-travel.ts'

const consumed = z.looseObject({
  outcome: z.string(),
  used_amount: z.number(),
  quota_limit: z.number().nullable(),
})
const previewed = z.looseObject({
  proration_date: z.string(),
  amount_due: z.object({ amount_minor: z.number(), currency: z.string() }),
})
const billed = z.object({
  invoices: z.array(z.looseObject({ amount_paid_minor: z.number(), currency: z.string() })),
})

/** The full lifecycle: trial, conversion, usage to the limit, upgrade, decline, recovery, cancellation. */
export async function liveOnce(say: (line: string) => void): Promise<void> {
  const stack = await readStackFile()
  const { simulatorUrl } = stack
  if (simulatorUrl === undefined)
    throw new Error(
      'The demo fast-forwards time, which real Stripe cannot do: start the stack without STRIPE_API_KEY.',
    )
  const customer = createCustomer({ ...stack, simulatorUrl }, `demo-${Date.now()}`)
  // The timeline already reports the changes on the way.
  const travel = await openStackTravel(stack, () => undefined)
  const story = createStory(customer, travel, say)
  const began = performance.now()
  try {
    await narrate(story, customer, travel)
  } finally {
    await travel.close()
  }
  say(`
The whole lifecycle took ${((performance.now() - began) / 1_000).toFixed(1)} s. Look at the results:
  e-mails   ${stack.mailUrl}
  workflow  ${stack.temporalUiUrl ?? 'the Temporal UI'}/namespaces/${stack.temporalNamespace}/workflows/${encodeURIComponent(`subscription/${story.id()}`)}
The stack's clock is now at ${travel.now().toISOString()}: for everyone who uses it.`)
}

async function narrate(life: Story, customer: Customer, travel: StackTravel): Promise<void> {
  const use = (amount: number) =>
    customer.call('POST', '/usage/consume', { feature: 'messages_sent', amount })
  const tryToUse = async (amount: number) => {
    const { outcome, used_amount, quota_limit } = consumed.parse(await use(amount))
    life.say(`${amount} more: ${outcome}, ${used_amount} of ${quota_limit ?? 'unlimited'} are used`)
  }

  await life.begin('A customer starts a 14-day trial of Starter, with a card.', 'plan_starter')
  await life.step('They send messages, up to the limit and beyond.', async () => {
    await tryToUse(850)
    await tryToUse(150)
    await tryToUse(1)
  })
  const { trial_end: trialEnd } = await life.read()
  await life.step('Eleven days pass: a letter announces the end.', () =>
    life.travelTo(trialEnd, -2.9),
  )
  await life.step('The trial ends: the first period is charged, and the quota is reset.', () =>
    life.travelTo(trialEnd, 1),
  )
  await life.step('They upgrade to Pro in the middle of the month.', async () => {
    await tryToUse(900)
    await life.travelTo(null, 14)
    const preview = previewed.parse(
      await customer.call('POST', `/subscriptions/${life.id()}/plan/preview`, {
        plan_id: 'plan_pro_monthly',
      }),
    )
    life.say(`the preview says ${life.money(preview.amount_due)}`)
    await customer.call('PUT', `/subscriptions/${life.id()}/plan`, {
      plan_id: 'plan_pro_monthly',
      proration_date: preview.proration_date,
    })
    await travel.settled()
    const { invoices } = billed.parse(await customer.call('GET', '/invoices?limit=1'))
    for (const { amount_paid_minor: amount_minor, currency } of invoices)
      life.say(`the invoice says ${life.money({ amount_minor, currency })}`)
    await tryToUse(500)
  })
  const { period } = await life.read()
  await life.step('Their card is declined at the renewal; access lasts a week.', async () => {
    await customer.bank('declines')
    await life.travelTo(period?.end, 1)
    const { status, has_access } = await life.read()
    life.say(`status ${status}, access ${has_access ? 'yes' : 'no'}`)
  })
  await life.step('Their card works again, and Stripe tries again.', async () => {
    await customer.bank('succeeds')
    await life.travelTo(period?.end, 4)
  })
  await life.step('They cancel, and keep access to the end of the paid period.', async () => {
    await customer.call('PUT', `/subscriptions/${life.id()}/cancellation`, { when: 'period_end' })
    const { period: last } = await life.read()
    await life.travelTo(last?.end, 1)
    const { status, has_access } = await life.read()
    life.say(`status ${status}, access ${has_access ? 'yes' : 'no'}`)
  })
}
