import { idOf } from '../../../adapters/stripe/reading/ids.ts'
import type { Invariant } from './all.ts'

/** No invoice has two payments, no period has two invoices, and all refunds were requested. */
export const nothingTwice: Invariant = async ({ stripe }, residents) => {
  const broken: string[] = []
  for (const { user, email, expected } of residents) {
    const customer = (await stripe.customers.list({ email, limit: 1 })).data[0]?.id
    if (customer === undefined) continue
    const charges = await stripe.charges.list({ customer, limit: 100 }).autoPagingToArray(ALL)
    const paid = charges.filter(({ status }) => status === 'succeeded')
    const intents = paid.map(({ payment_intent: intent }) => idOf(intent))
    if (new Set(intents).size < intents.length) broken.push(`${user} was charged twice`)
    const invoices = await stripe.invoices.list({ customer, limit: 100 }).autoPagingToArray(ALL)
    const due = invoices.reduce((sum, { amount_paid: amount }) => sum + amount, 0)
    const charged = paid.reduce((sum, { amount }) => sum + amount, 0)
    if (due !== charged) broken.push(`${user} paid ${charged} for invoices of ${due}`)
    const given = paid.filter(({ amount_refunded: amount }) => amount > 0)
    const wanted = expected.invoices.filter(({ refunded }) => refunded)
    if (given.length !== wanted.length)
      broken.push(`${user} got ${given.length} refunds and not ${wanted.length}`)
    const periods = invoices
      .filter(({ billing_reason: reason }) => reason === 'subscription_cycle')
      .map(({ period_start, period_end }) => `${period_start}-${period_end}`)
    if (new Set(periods).size < periods.length) broken.push(`${user} was billed twice for a period`)
  }
  return broken
}

/** More invoices than ten years of months make. */
const ALL = { limit: 1_000 }
