import { endAfterPause } from '../domain/subscription/pause.ts'
import { isOver } from '../domain/subscription/subscription.ts'
import { loadInTurn } from './apply-snapshot.ts'
import {
  alreadyDone,
  doneUnlessOver,
  doneHere,
  isBankAsked,
  refused,
  stepOf,
  type CommandOrder,
  type CommandOutcome,
} from './command.ts'
import { creditPause, isCredited, wasCredited, type CreditParts } from './pause-credit.ts'
import { askStripe } from './stripe-failure.ts'

/** A pause, until an instant or until a command. */
export type PauseOrder = CommandOrder & {
  /** The ISO 8601 instant at which it resumes by itself; null when it waits for a command. */
  readonly resumesAt: string | null
}

/**
 * Pauses a subscription: no access and no invoices, and the clock of its period and quotas stops, or its rest is credited by
 * policy. A pending change or cancellation is withdrawn. Running it twice finds it paused.
 */
export async function pause(parts: CreditParts, request: PauseOrder): Promise<CommandOutcome> {
  const { stripe } = parts
  const before = await loadInTurn(parts, request, (found) => isCredited(parts, found))
  const resumesAt = request.resumesAt === null ? null : new Date(request.resumesAt)
  const at = new Date(request.at)
  const step = stepOf(request, 'pause')
  const { stripeSubscriptionId } = before
  if (stripeSubscriptionId === null) {
    if (before.status === 'paused') return alreadyDone(parts, before)
    if (before.status !== 'active') return refused(parts, before, 'moved_on')
    return doneHere(parts, before, { name: 'free_pause', resumesAt }, step)
  }
  if (isBankAsked(before)) return refused(parts, before, 'payment_processing')
  const { generation } = request
  const order = { subscriptionId: before.id, stripeSubscriptionId, generation }
  const isRepeated = before.status === 'paused'
  if (!isRepeated && (await askStripe(() => stripe.owesPeriod(stripeSubscriptionId))))
    return refused(parts, before, 'payment_pending')
  // Stripe puts the usage so far on the next invoice.
  await parts.flushOverage(before.userId, at)
  await askStripe(async () => {
    await stripe.dropPendingChange(order)
    // A pending change to a free plan is a cancellation at Stripe, too.
    if (before.cancelAt !== null || before.pendingChange !== null)
      await stripe.changeCancellation({ ...order, at: null })
    await stripe.pause(order)
  })
  // An attempt before this one may have stored the instant, or credited the rest.
  const pausedAt = isRepeated ? before.pausedAt : at
  const outcome = await doneUnlessOver(parts, before, {
    ...step,
    assume: { pendingChange: null, resumesAt, pausedAt },
  })
  return creditPause(parts, outcome, request)
}

/**
 * Resumes a paused subscription: what was left of its period continues. If nothing is left, a new period begins, once it is
 * paid. Running it twice finds it running, or waiting for the same invoice.
 */
export async function resume(parts: CreditParts, request: CommandOrder): Promise<CommandOutcome> {
  const { stripe } = parts
  const before = await loadInTurn(parts, request)
  const at = new Date(request.at)
  const step = stepOf(request, 'resume')
  const { stripeSubscriptionId } = before
  if (stripeSubscriptionId === null) {
    if (before.status !== 'paused') return alreadyDone(parts, before)
    return doneHere(parts, before, { name: 'free_resume' }, step)
  }
  const { generation } = request
  if (isOver(before)) return alreadyDone(parts, before)
  const paidUntil = (await wasCredited(parts, before)) ? null : endAfterPause(before, at)
  const order = { subscriptionId: before.id, stripeSubscriptionId, generation, paidUntil }
  await askStripe(() => stripe.resume(order))
  // A resumption that is not paid is not tried again by itself, so the date is dropped.
  return doneUnlessOver(parts, before, { ...step, assume: { resumesAt: null } })
}
