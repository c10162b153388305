import { creditsOfPause, type CreditOfInvoice } from '../domain/subscription/pause-credit.ts'
import { priceOfAddons } from '../domain/subscription/addons.ts'
import { formatMoney, money } from '../domain/money.ts'
import type { Subscription } from '../domain/subscription/subscription.ts'
import { load } from './apply-snapshot.ts'
import type { EndParts } from './cancellation.ts'
import { doneHere, stepOf, type CommandOrder, type CommandOutcome } from './command.ts'
import type { ActivityParts } from './parts.ts'
import { askStripe } from './stripe-failure.ts'

/** Far more than a period has: its own invoice, and those of changes. */
const INVOICES_MAX = 50

/** The parts of a pause and a resumption. */
export type CreditParts = EndParts & Pick<ActivityParts, 'pauseCredit' | 'logger'>

/**
 * Credits the unused part of a paused period, if the policy is `prorated`; then the pause leaves nothing, and the resumption begins
 * and charges a new period. Access has ended before, so nothing is used meanwhile. Running it twice credits once.
 *
 * @param outcome of the pause; returned as it is if nothing is credited.
 */
export async function creditPause(
  parts: CreditParts,
  outcome: CommandOutcome,
  request: CommandOrder,
): Promise<CommandOutcome> {
  if (parts.pauseCredit === 'none' || outcome.answer.kind === 'refused') return outcome
  const paused = await load(parts, request.subscriptionId)
  const credits = await creditsFor(parts, paused)
  if (credits.length === 0) return outcome
  const { currency } = (await parts.repositories.plans.getVersion(paused.planVersionId)).price
  for (const credit of credits) await giveCredit(parts, paused, { ...credit, currency })
  return doneHere(parts, paused, { name: 'pause_credited' }, stepOf(request, 'pause credit'))
}

/** Whether a pause has been credited, and that is stored: the second step of the command. */
export const isCredited = (
  { pauseCredit }: Pick<CreditParts, 'pauseCredit'>,
  { status, pausedAt }: Subscription,
): boolean => pauseCredit === 'prorated' && status === 'paused' && pausedAt === null

/** Whether a pause was credited whose end as a stopped clock was not stored any more. */
export async function wasCredited(parts: CreditParts, paused: Subscription): Promise<boolean> {
  if (parts.pauseCredit === 'none') return false
  const [credit] = await creditsFor(parts, paused)
  if (credit === undefined) return false
  const command = commandOf(paused)
  return askStripe(() => parts.stripe.hasReturned({ invoiceId: credit.invoiceId, command }))
}

async function creditsFor(
  { repositories }: Pick<ActivityParts, 'repositories'>,
  paused: Subscription,
): Promise<readonly CreditOfInvoice[]> {
  const { plans, usage, invoices } = repositories
  if (paused.status !== 'paused' || paused.pausedAt === null) return []
  const page = { limit: INVOICES_MAX, after: undefined }
  const at = paused.pausedAt
  return creditsOfPause(paused, {
    plan: await plans.getVersion(paused.planVersionId),
    addonsMinor: await priceOfAddons(plans, paused.addons),
    invoices: await invoices.listOfUser(paused.userId, page),
    usage: await usage.list(paused, at),
    at,
  })
}

/** Names the credit of one pause at Stripe. */
const commandOf = ({ id, pausedAt }: Subscription): string =>
  `pause/${id}/${pausedAt?.toISOString() ?? ''}`

async function giveCredit(
  { stripe, logger }: CreditParts,
  paused: Subscription,
  { invoiceId, amountMinor, currency }: CreditOfInvoice & { readonly currency: string },
): Promise<void> {
  const { kind } = await askStripe(() =>
    stripe.returnMoney({
      invoiceId,
      to: 'balance',
      amountMinor,
      expectedMinor: undefined,
      command: commandOf(paused),
      memo: 'Unused part of the paused period',
    }),
  )
  const amount = formatMoney(money(amountMinor, currency), 'en')
  // An operator returned the money of this invoice in the same moment.
  if (kind !== 'returned')
    logger.warn({ subscriptionId: paused.id, invoiceId, amount, kind }, 'a pause was not credited')
}
