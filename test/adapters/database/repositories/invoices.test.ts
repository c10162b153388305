import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Invoice } from '../../../../domain/invoice/invoice.ts'
import { lettersOfInvoice } from '../../../../domain/customer/invoice-letter.ts'
import type { InvoiceWrite } from '../../../../domain/invoice/repository.ts'
import type { Repositories } from '../../../../domain/repositories.ts'
import type { Subscription } from '../../../../domain/subscription/subscription.ts'
import { factsOf } from '../../../../domain/subscription/timeline.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite as aStep, getPlan, storeSubscription } from '../../../support/rows.ts'

const at = new Date('2026-03-01T00:00:00Z')
let database: TestDatabase
let repositories: Repositories
beforeAll(async () => {
  database = await createDatabase()
  ;({ repositories } = database)
})
afterAll(() => database.close())

const anInvoice = (subscription: Subscription, given: Partial<Invoice> = {}): Invoice => ({
  id: `in_${randomUUID()}`,
  subscriptionId: subscription.id,
  number: null,
  status: 'open',
  reason: 'subscription_cycle',
  currency: 'usd',
  amounts: { subtotalMinor: 2_000, discountMinor: 0, taxMinor: 319, totalMinor: 2_000 },
  amountDueMinor: 2_000,
  amountPaidMinor: 0,
  period: { start: at, end: new Date('2026-04-01T00:00:00Z') },
  collection: 'declined',
  attemptCount: 1,
  nextPaymentAttempt: null,
  dueAt: null,
  hostedUrl: null,
  createdAt: at,
  paidAt: null,
  creditUsedMinor: 0,
  creditedMinor: 0,
  isEmpty: false,
  refundedMinor: 0,
  disputeStatus: null,
  observedSeq: 1,
  ...given,
})

async function aWrite(
  subscription: Subscription,
  after: Invoice,
  given: Partial<InvoiceWrite> = {},
): Promise<InvoiceWrite> {
  const plan = await getPlan(repositories, 'plan_pro_monthly')
  return {
    before: undefined,
    after,
    subscription,
    at,
    changes: [{ kind: 'payment_retry_failed', cause: 'test' }],
    letters: lettersOfInvoice({ before: undefined, after }, subscription, { plan }, at),
    eventIds: [],
    ...given,
  }
}

const lettersOf = async ({ id }: Subscription) => {
  const { rows } = await database.pool.query(
    'select state from notices where subscription_id = $1 order by key',
    [id],
  )
  return rows.map(({ state }) => state)
}

describe('a mirrored invoice', () => {
  test('is written once, and whole, by ten concurrent writers', async () => {
    const subscription = await storeSubscription(repositories, { at })
    const write = await aWrite(subscription, anInvoice(subscription))
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => repositories.invoices.save(write)),
    )
    expect(outcomes.toSorted()).toEqual(['saved', ...Array(9).fill('superseded')])
    expect(await repositories.subscriptions.timeline(subscription.id, 10)).toHaveLength(1)
    expect(await lettersOf(subscription)).toEqual(['pending'])
  })

  test('that was superseded writes neither row nor timeline entry', async () => {
    const subscription = await storeSubscription(repositories, { at })
    const first = anInvoice(subscription)
    await repositories.invoices.save(await aWrite(subscription, first))
    const second = { ...first, attemptCount: 2, observedSeq: 2 }
    await repositories.invoices.save(await aWrite(subscription, second, { before: first }))
    const late = { ...first, amountDueMinor: 1, observedSeq: 2 }
    expect(
      await repositories.invoices.save(await aWrite(subscription, late, { before: first })),
    ).toBe('superseded')
    expect(await repositories.invoices.find(first.id)).toEqual(second)
    expect(await repositories.subscriptions.timeline(subscription.id, 10)).toHaveLength(2)
  })

  test('withdraws letters that were not sent yet and no longer apply', async () => {
    const subscription = await storeSubscription(repositories, { at })
    const first = anInvoice(subscription)
    await repositories.invoices.save(await aWrite(subscription, first))
    const second = { ...first, attemptCount: 2, observedSeq: 2 }
    await repositories.invoices.save(await aWrite(subscription, second, { before: first }))
    expect(await lettersOf(subscription)).toEqual(['skipped', 'pending'])
    const paid: Invoice = {
      ...second,
      status: 'paid',
      collection: 'collected',
      paidAt: at,
      observedSeq: 3,
    }
    await repositories.invoices.save(await aWrite(subscription, paid, { before: second }))
    expect(await lettersOf(subscription)).toEqual(['skipped', 'skipped', 'pending'])
  })

  test('and a concurrent workflow step number their timeline entries one after the other', async () => {
    const subscription = await storeSubscription(repositories, { at })
    const invoices = Array.from({ length: 8 }, () => anInvoice(subscription))
    const writes = await Promise.all(invoices.map((invoice) => aWrite(subscription, invoice)))
    await Promise.all([
      ...writes.slice(0, 4).map((write) => repositories.invoices.save(write)),
      repositories.subscriptions.save(
        aStep(subscription, {
          changes: [{ kind: 'renewed', before: null, after: factsOf(subscription) }],
        }),
      ),
      ...writes.slice(4).map((write) => repositories.invoices.save(write)),
    ])
    const entries = await repositories.subscriptions.timeline(subscription.id, 20)
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})
