import { periodOf } from '../objects/subscription.ts'
import { expireSession } from '../checkout/expire.ts'
import type { CheckoutSession, Invoice, Subscription } from '../store/stored.ts'
import type { Reader, Step } from '../store/store.ts'
import type { Debit, TableName } from '../store/tables.ts'
import { emit } from '../webhooks/emit.ts'
import { DAY } from './calendar.ts'
import { cancelOnTime } from './cancel.ts'
import { isOver, reviseSubscription } from './changes.ts'
import { collect } from './collection.ts'
import { answerDebit } from './debits.ts'
import { isProcessed, subscriptionOf } from './invoicing.ts'
import { expirePending } from './pending-change.ts'
import { advanceSchedule } from './schedule.ts'
import { advanceDraft, expireIncomplete, INCOMPLETE_LASTS, renew } from './renewal.ts'

/** How long before its end `trial_will_end` announces a trial's end. */
export const TRIAL_REMINDER = 3 * DAY

/** The next instant at which a row changes by itself, if any. */
export function nextDue(store: Reader, table: TableName, id: string): number | undefined {
  if (table === 'subscriptions') {
    const row = store.find('subscriptions', id)
    return row && dueOfSubscription(store, row)
  }
  if (table === 'invoices') {
    const row = store.find('invoices', id)
    return row && dueOfInvoice(store, row)
  }
  if (table === 'debits') return store.find('debits', id)?.answeredAt
  if (table !== 'checkoutSessions') return undefined
  const row = store.find('checkoutSessions', id)
  return row?.status === 'open' ? row.expires_at : undefined
}

/** The test clock of a row, unless it follows the simulator's clock. */
export function testClockOf(store: Reader, table: TableName, id: string): string | null {
  if (table === 'subscriptions') return store.find('subscriptions', id)?.test_clock ?? null
  if (table === 'invoices') return store.find('invoices', id)?.test_clock ?? null
  if (table === 'debits')
    return store.find('invoices', store.find('debits', id)?.invoice ?? '')?.test_clock ?? null
  return null
}

/** Rows whose next due instant may differ because another row changed. */
export function dependants(store: Reader, table: TableName, id: string): [TableName, string][] {
  const held =
    table === 'schedules'
      ? store.find('schedules', id)?.subscription
      : table === 'invoices'
        ? store.find('invoices', id)?.parent?.subscription_details?.subscription
        : null
  return held == null ? [] : [['subscriptions', held]]
}

/** Executes the change that `nextDue` scheduled for this instant. */
export function happen(step: Step, table: TableName, id: string): void {
  if (table === 'subscriptions') visitSubscription(step, step.find('subscriptions', id))
  else if (table === 'invoices') visitInvoice(step, step.find('invoices', id))
  else if (table === 'debits') visitDebit(step, step.find('debits', id))
  else if (table === 'checkoutSessions') visitSession(step, step.find('checkoutSessions', id))
}

function dueOfSubscription(store: Reader, row: Subscription): number | undefined {
  if (isOver(row)) return undefined
  // While a bank processes the payment, nothing expires.
  const isWaiting = isProcessed(store, { id: row.latest_invoice ?? '' })
  if (row.status === 'incomplete') return isWaiting ? undefined : row.created + INCOMPLETE_LASTS
  const dues = [
    row.cancel_at,
    row.pause_collection?.resumes_at,
    isWaiting ? undefined : row.pending_update?.expires_at,
    phaseEnd(store, row),
    reminderOf(store, row),
  ]
  if (row.status !== 'paused') dues.push(periodOf(row).end)
  return dues.filter((due) => due != null).reduce<number | undefined>(earlier, undefined)
}

const earlier = (a: number | undefined, b: number) => (a === undefined ? b : Math.min(a, b))

function phaseEnd(store: Reader, row: Subscription): number | undefined {
  return store.find('schedules', row.schedule ?? '')?.current_phase?.end_date
}

function reminderOf(store: Reader, row: Subscription): number | undefined {
  if (row.status !== 'trialing' || row.trial_end === null) return undefined
  if (store.find('reminders', row.id)?.trialEnd === row.trial_end) return undefined
  return Math.max(row.trial_end - TRIAL_REMINDER, row.created)
}

function visitSubscription(step: Step, row: Subscription | undefined): void {
  if (row === undefined) return
  const { now } = step
  if (row.status === 'incomplete') expireIncomplete(step, row)
  else if ((row.cancel_at ?? Infinity) <= now) cancelOnTime(step, row)
  else if (expiryOf(step, row) <= now) expirePending(step, row)
  else if ((reminderOf(step, row) ?? Infinity) <= now) remind(step, row)
  else if ((row.pause_collection?.resumes_at ?? Infinity) <= now) {
    reviseSubscription(step, row, { pause_collection: null })
  } else advance(step, row)
}

/** A pending change does not expire while a bank processes its payment. */
const expiryOf = (
  step: Step,
  { latest_invoice: id, pending_update: update }: Subscription,
): number => (isProcessed(step, { id: id ?? '' }) ? Infinity : (update?.expires_at ?? Infinity))

/** If a phase ends with a period, it determines the items of the next period. */
function advance(step: Step, row: Subscription): void {
  const subscription = advanceSchedule(step, row)
  if (isOver(subscription) || subscription.status === 'paused') return
  if (periodOf(subscription).end <= step.now) renew(step, subscription)
}

function remind(step: Step, row: Subscription): void {
  step.put('reminders', { id: row.id, trialEnd: row.trial_end ?? 0 })
  emit(step, 'customer.subscription.trial_will_end', row)
}

function dueOfInvoice(store: Reader, row: Invoice): number | undefined {
  if (row.status === 'draft') return row.automatically_finalizes_at ?? undefined
  if (row.status === 'open') return row.next_payment_attempt ?? overdueOf(store, row)
  return undefined
}

/** The due date of an invoice that was sent, until it has been announced. */
function overdueOf(store: Reader, { id, due_date: due }: Invoice): number | undefined {
  return due === null || store.find('reminders', id)?.trialEnd === due ? undefined : due
}

function visitInvoice(step: Step, row: Invoice | undefined): void {
  if (row?.status === 'draft') advanceDraft(step, row)
  else if (row?.status !== 'open') return
  else if (row.collection_method === 'send_invoice') fallDue(step, row)
  else collect(step, row)
}

/** A sent invoice that is not paid in time leaves its subscription past due. Stripe tries nothing by itself. */
function fallDue(step: Step, row: Invoice): void {
  step.put('reminders', { id: row.id, trialEnd: row.due_date ?? 0 })
  emit(step, 'invoice.overdue', row)
  const subscription = subscriptionOf(step, row)
  if (subscription?.status === 'active' && subscription.latest_invoice === row.id)
    reviseSubscription(step, subscription, { status: 'past_due' })
}

function visitDebit(step: Step, row: Debit | undefined): void {
  if (row !== undefined) answerDebit(step, row)
}

function visitSession(step: Step, row: CheckoutSession | undefined): void {
  if (row?.status === 'open') expireSession(step, row)
}
