import type Stripe from 'stripe'
import type { World } from '../../support/world.ts'
import { meteredUnits } from './metered.ts'
import { isItem, type Item } from './price-list.ts'

/** A plan's time on an invoice of Stripe. */
export type Charge = {
  readonly invoice: string
  /** Stripe's id. */
  readonly subscription: string
  readonly plan: Item
  readonly quantity: number
  readonly from: number
  readonly to: number
  /** Minor units before discounts. Zero is a trial. */
  readonly amount: number
  /** A renewal that is not paid has days of grace. */
  readonly state: 'paid' | 'renewal_unpaid'
}
/** Unused time of a plan that Stripe credits, on an invoice or on the next one; a positive amount. */
export type Credit = Pick<Charge, 'subscription' | 'plan' | 'quantity' | 'from' | 'to' | 'amount'>
/** A plan or an add-on of a running subscription, as applications see it. */
export type Shown = { readonly plan: Item; readonly quantity: number }
export type Money = {
  readonly charges: Charge[]
  readonly credits: Credit[]
  /** Minor units that left the customer's cards. */
  paid: number
  /** Units with a usage price that were charged, or will be with the open period. */
  metered: number
}
export const newMoney = (): Money => ({ charges: [], credits: [], paid: 0, metered: 0 })

const PRODUCT_PREFIX = 'perennial_'
const PAGE = 100

/**
 * All money between the world's customers and the service, by user, as Stripe knows it.
 * @param metering The users of the feature with a usage price.
 */
export async function readMoney(
  world: World,
  metering: ReadonlySet<string>,
): Promise<Map<string, Money>> {
  const { rows } = await world.database.pool.query<{ user_id: string; id: string }>(
    `select user_id, stripe_customer_id as id from customers where stripe_customer_id is not null`,
  )
  const byCustomer = new Map<string, Money>()
  const byUser = new Map<string, Money>()
  for (const { user_id: user, id } of rows) {
    const money = newMoney()
    if (metering.has(user)) money.metered = await meteredUnits(world, id)
    byCustomer.set(id, money)
    byUser.set(user, money)
  }
  if (rows.length === 0) return byUser
  for await (const invoice of world.stripe.invoices.list({ limit: PAGE })) {
    const money = byCustomer.get(idOf(invoice.customer))
    if (money !== undefined) addInvoice(money, invoice)
  }
  for await (const item of world.stripe.invoiceItems.list({ limit: PAGE, pending: true })) {
    const money = byCustomer.get(idOf(item.customer))
    if (money !== undefined) addPending(money, item)
  }
  for await (const note of world.stripe.creditNotes.list({ limit: PAGE })) {
    const money = byCustomer.get(idOf(note.customer))
    if (money !== undefined) addCreditNote(money, note)
  }
  return byUser
}

/** A credit for what an invoice has paid: it ends the charge's time as an unused part does. */
function addCreditNote(money: Money, note: Stripe.CreditNote): void {
  const charges = money.charges.filter(({ invoice }) => invoice === idOf(note.invoice))
  const [charge] = charges.toSorted((a, b) => b.amount - a.amount)
  if (charge === undefined) return
  const { subscription, plan, quantity, to } = charge
  const from = note.created * 1000
  money.credits.push({ subscription, plan, quantity, from, to, amount: note.amount })
}

/** The applications’ view of all running subscriptions, by user. */
export async function readShown({ database }: World): Promise<Map<string, Shown[]>> {
  const { rows } = await database.pool.query<{ user_id: string; slug: string; quantity: number }>(
    `select s.user_id, p.slug, i.quantity::int from subscriptions s
     cross join lateral (
       select s.plan_version_id as version, s.quantity
       union all select a.plan_version_id, a.quantity from subscription_addons(s) a
     ) i
     join plan_versions v on v.id = i.version join plans p on p.id = v.plan_id
     where s.status in ('trialing', 'active', 'past_due')`,
  )
  const byUser = new Map<string, Shown[]>()
  for (const { user_id: user, slug, quantity } of rows)
    if (isItem(slug)) byUser.set(user, [...(byUser.get(user) ?? []), { plan: slug, quantity }])
  return byUser
}

const idOf = (reference: string | { readonly id: string } | null): string =>
  typeof reference === 'string' ? reference : (reference?.id ?? '')

function addInvoice(money: Money, invoice: Stripe.Invoice): void {
  const { status, amount_paid: paid, billing_reason: reason } = invoice
  money.paid += paid
  const isPaid = status === 'paid'
  if (!isPaid && (reason !== 'subscription_cycle' || status === 'draft')) return
  for (const line of invoice.lines.data) {
    const plan = planOf(line.pricing?.price_details?.product)
    if (plan === undefined) continue
    const { period, quantity, amount } = line
    const of = {
      subscription: idOf(line.subscription),
      plan,
      quantity: quantity ?? 1,
      from: period.start * 1000,
      to: period.end * 1000,
    }
    if (amount < 0) money.credits.push({ ...of, amount: -amount })
    else if (amount > 0 || reason === 'subscription_create')
      money.charges.push({
        ...of,
        invoice: invoice.id ?? '',
        amount,
        state: isPaid ? 'paid' : 'renewal_unpaid',
      })
  }
}

function addPending(money: Money, item: Stripe.InvoiceItem): void {
  const plan = planOf(item.pricing?.price_details?.product)
  if (plan === undefined || item.amount >= 0) return
  money.credits.push({
    subscription: idOf(item.parent?.subscription_details?.subscription ?? null),
    plan,
    quantity: item.quantity,
    from: item.period.start * 1000,
    to: item.period.end * 1000,
    amount: -item.amount,
  })
}

function planOf(product: string | undefined): Item | undefined {
  const slug = product?.startsWith(PRODUCT_PREFIX) ? product.slice(PRODUCT_PREFIX.length) : ''
  return isItem(slug) ? slug : undefined
}
