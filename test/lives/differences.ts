import type { Reply } from '../support/call.ts'
import type { World } from '../support/world.ts'
import { spanAt } from './oracle/calendar.ts'
import { FEATURES, offerOf, onSaleAt, type FeatureCode } from './oracle/catalogue.ts'
import { COUPONS } from './oracle/discount.ts'
import { differs, differsByCount, differsByItem, type Finding } from './finding.ts'
import { newestFirst } from './newest-first.ts'
import type { Agreement, Between, Invoice, Customer } from './oracle/customer.ts'
import { hasAccess, windowAt } from './oracle/quota.ts'
import { readWithRetries, type Resident } from './resident.ts'

/** The page size of the API's invoice list. */
const INVOICES_SHOWN = 20
/** The largest difference between the clocks of workflow, API and Stripe. */
const CLOCKS_APART_MS = 90_000

type Seen = {
  readonly at: number
  readonly subscription: Reply['body']
  readonly usage: Reply['body']
  readonly invoices: Reply['body'][]
  readonly mails: readonly string[]
}

/** The state of a customer as API callers see it. */
export async function see(world: World, { user, email, subscriptionId }: Resident): Promise<Seen> {
  const get = async (path: string) => (await readWithRetries(world, user, path)).body
  return {
    at: world.clock.now().getTime(),
    subscription: subscriptionId && (await get(`/subscriptions/${subscriptionId}`)),
    usage: await get('/usage'),
    invoices: newestFirst((await get(`/invoices?limit=${INVOICES_SHOWN}`)).invoices),
    mails: (await world.mailsTo(email)).map(({ subject }) => subject),
  }
}

/** The end of access counts from when we received an event, so this letter's day is not known here. */
const OF_ANOTHER_CLOCK = /^Your access to .* is suspended$/

/** All differences between the oracle and what callers see. */
export function differences(customer: Customer, seen: Seen): Finding[] {
  const found: Finding[] = []
  const note = (what: string, expected: unknown, actual: unknown) => {
    if (expected !== actual) found.push(differs(what, expected, actual))
  }
  note.count = (what: string, expected: number, actual: number) => {
    if (expected !== actual) found.push(differsByCount(what, expected, actual))
  }
  const { agreement } = customer
  if (agreement !== null) ofAgreement(agreement, seen, note)
  ofGrants(customer, seen.usage, note)
  ofInvoices(customer, seen.invoices, note)
  const mails = seen.mails.filter((subject) => !OF_ANOTHER_CLOCK.test(subject))
  found.push(...differsByItem('e-mail', customer.mails, mails))
  return found
}

type Note = {
  (what: string, expected: unknown, actual: unknown): void
  /** For counts: less means lost, more means twice. */
  readonly count: (what: string, expected: number, actual: number) => void
}

/** The actual instant if it lies in the range; else the range's beginning, which then differs. */
const near = ({ from, to }: Between, actual: number): number =>
  actual >= from - CLOCKS_APART_MS && actual <= to + CLOCKS_APART_MS ? actual : from

const iso = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString()

function ofAgreement(agreement: Agreement, { at, subscription, usage }: Seen, note: Note) {
  const { status, period, pending } = agreement
  note('status', status, subscription?.status)
  if (subscription === null || subscription.status !== status) return
  const isLive = status !== 'canceled' && status !== 'incomplete_expired'
  // Subscriptions that never started or have ended have no further fields to compare.
  if (!isLive || status === 'incomplete') return
  const { plan, version, quantity } = agreement.choice
  note('plan', plan, subscription.plan.slug)
  note('version', version, subscription.plan.version)
  note('version on sale', onSaleAt(plan, at), subscription.plan.version_on_sale)
  note('quantity', quantity, subscription.quantity)
  ofDiscount(agreement, at, subscription.discount, note)
  if (agreement.anchor.from === agreement.anchor.to) {
    note('period start', iso(period.start), subscription.period.start)
    note('period end', iso(period.end), subscription.period.end)
  } else
    note(
      'period start',
      iso(near(unsureStart(agreement), startOf(subscription))),
      subscription.period.start,
    )
  note('cancel_at', agreement.cancelAt === null, subscription.cancel_at === null)
  note('pending plan', pending?.choice.plan ?? null, subscription.pending_change?.plan ?? null)
  note(
    'pending version',
    pending?.choice.version ?? null,
    subscription.pending_change?.version ?? null,
  )
  note('pending kind', pending?.kind ?? null, subscription.pending_change?.kind ?? null)
  const access = hasAccess(agreement, at)
  if (access !== undefined) note('access', access, subscription.has_access)
  if (access === true && subscription.has_access) ofUsage(agreement, at, usage, note)
}

/** Compares permanent discounts and those with an end; whether Stripe still shows a used one-time coupon is not checked. */
function ofDiscount({ discount }: Agreement, at: number, shown: Reply['body'], note: Note): void {
  if (discount === null) return note('discount', null, shown)
  const { code, endsAt } = discount
  const isEnding = endsAt !== null && at > endsAt - CLOCKS_APART_MS
  if (isEnding || COUPONS[code].duration === 'once') return
  note('discount', code, shown?.promotion_code)
}

const startOf = (subscription: Reply['body']): number => Date.parse(subscription.period.start)
const unsureStart = ({ status, period, anchor }: Agreement): Between =>
  status === 'trialing' ? { from: period.start, to: period.start } : anchor

function ofUsage(agreement: Agreement, at: number, usage: Reply['body'], note: Note) {
  for (const feature of FEATURES) {
    const shown = usage.features?.find((each: { code: string }) => each.code === feature)
    const window = windowAt(agreement, feature, at)
    const { limit, months } = offerOf(agreement.choice).quotas[feature]
    note.count(`${feature} used`, window.used, shown?.used_amount)
    note.count(`${feature} beyond the limit`, window.beyond, shown?.overage_amount)
    note(`${feature} limit`, limit, shown?.quota_limit)
    if (months === null || !shown?.window) continue
    const [start, end] = [Date.parse(shown.window.start), Date.parse(shown.window.end)]
    if (window.used === 0 && isFresh(agreement, months, at, end)) continue
    note(`${feature} window end`, iso(near(window.end, end)), shown.window.end)
    note(`${feature} window start`, iso(near(window.start, start)), shown.window.start)
  }
}

/** A subscription that never started shows limits alone; grants are not usable yet either. */
function ofGrants({ grants, agreement }: Customer, usage: Reply['body'], note: Note) {
  if (agreement?.status === 'incomplete') return
  for (const { code, granted_remaining: left } of usage.features ?? [])
    if (isFeature(code)) note.count(`${code} granted`, grants.get(code) ?? 0, left)
}

const isFeature = (code: string): code is FeatureCode =>
  (FEATURES as readonly string[]).includes(code)

/** An unused window may never have been opened; one of the present anchor replaces it. */
const isFresh = ({ anchor }: Agreement, months: number, at: number, end: number): boolean => {
  const counted = {
    from: spanAt(anchor.from, months, at).end,
    to: spanAt(anchor.to, months, at).end,
  }
  return near(counted, end) === end
}

function ofInvoices(customer: Customer, shown: readonly Reply['body'][], note: Note) {
  const expected = customer.invoices.filter(({ status }) => status !== 'draft').toReversed()
  note.count('invoices', Math.min(expected.length, INVOICES_SHOWN), shown.length)
  for (const [index, invoice] of expected.slice(0, shown.length).entries())
    ofInvoice(invoice, shown[index], (what, ...values) =>
      note(`invoice ${index} ${what}`, ...values),
    )
}

function ofInvoice(
  invoice: Invoice,
  shown: Reply['body'],
  note: (...about: Parameters<Note>) => void,
) {
  const { minor, give } = invoice.due
  const actual: number = shown.amount_due_minor
  note('reason', invoice.reason, shown.reason)
  note('due', Math.abs(actual - minor) <= give ? actual : minor, actual)
  note('status', invoice.status, shown.status)
  note('paid', invoice.status === 'paid' ? actual : 0, shown.amount_paid_minor)
  note('refunded', invoice.refunded, shown.amount_refunded_minor > 0)
  note('disputed', invoice.dispute === 'open', shown.is_disputed)
}

/** Stores the actual instants that other clocks chose. Call it only if there are no differences. */
export function learn({ agreement }: Customer, { subscription, usage }: Seen): void {
  if (agreement === null || subscription === null || subscription.period === null) return
  if (subscription.status !== agreement.status) return
  for (const { code, window } of usage.features ?? []) {
    const known = agreement.windows.get(code)
    if (known === undefined || window === null) continue
    const [start, end] = [exact(Date.parse(window.start)), exact(Date.parse(window.end))]
    if (known.used === 0 || near(known.end, end.from) === end.from)
      agreement.windows.set(code, { ...known, start, end })
  }
  if (agreement.anchor.from === agreement.anchor.to) return
  const { start, end } = { start: startOf(subscription), end: Date.parse(subscription.period.end) }
  const shift = start - agreement.period.start
  agreement.anchor = exact(agreement.status === 'trialing' ? end : start)
  agreement.lines = agreement.lines.map((line) => ({ ...line, from: line.from + shift }))
  agreement.period = { start, end }
  if (agreement.trialEnd !== null) agreement.trialEnd = end
}

const exact = (instant: number): Between => ({ from: instant, to: instant })
