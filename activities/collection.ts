import { derivedUuid } from '../adapters/secrets/derived-uuid.ts'
import type { NetTerms } from '../domain/invoice/net-terms.ts'
import { operatorCommandKey } from '../domain/keys.ts'
import { isOver } from '../domain/subscription/subscription.ts'
import { loadInTurn, type SnapshotParts } from './apply-snapshot.ts'
import { alreadyDone, doneUnlessOver, refused, stepOf, type CommandOutcome } from './command.ts'
import type { OperatorOrder } from './operator-commands.ts'
import { askStripe } from './stripe-failure.ts'

/** How invoices are collected from now on; null charges them automatically. */
export type CollectionOrder = OperatorOrder & {
  readonly terms: NetTerms | null
  readonly generation: number
}

/**
 * Sends later invoices with a due date, or charges them automatically again. Open invoices stay as they are. The operator's
 * action is stored first, so that nobody gets credit without one. Running it twice finds it done, with one action.
 */
export async function changeCollection(
  parts: SnapshotParts,
  order: CollectionOrder,
): Promise<CommandOutcome> {
  const { repositories, stripe } = parts
  const before = await loadInTurn(parts, order)
  const { terms, generation, reason } = order
  const { stripeSubscriptionId } = before
  if (isOver(before)) return alreadyDone(parts, before)
  if (stripeSubscriptionId === null) return refused(parts, before, 'nothing_to_collect')
  // The phases of Stripe's schedule repeat the settings that it began with.
  if (before.pendingChange !== null) return refused(parts, before, 'change_pending')
  const key = operatorCommandKey(before.id, order.commandId)
  await repositories.usageExtras.noteAction(
    key,
    {
      action: 'change_collection',
      userId: before.userId,
      before: { subscription_id: before.id },
      after: {
        subscription_id: before.id,
        days_until_due: terms?.daysUntilDue ?? null,
        po_number: terms?.poNumber ?? null,
        reason,
      },
    },
    { at: new Date(order.at), keyId: order.keyId, askedBy: order.askedBy },
  )
  const target = { subscriptionId: before.id, stripeSubscriptionId, generation }
  await askStripe(() => stripe.changeCollection({ ...target, terms, commandId: derivedUuid(key) }))
  return doneUnlessOver(
    parts,
    before,
    stepOf({ ...order, actor: 'operator' }, 'collection changed'),
  )
}
