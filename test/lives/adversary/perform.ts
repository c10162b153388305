import type { World } from '../../support/world.ts'
import { CARDS, pay } from '../../support/checkout-page.ts'
import { askAsApplication, askAsCustomer, type Account } from './account.ts'
import { dispute, offer, payInvoice, setCard } from './bank.ts'
import type { AccountCall, CallOf } from './call.ts'
import { command, noteFree } from './command.ts'
import { internalKey } from './internal-key.ts'
import { CODE } from './market.ts'
import { DONE, type Outcome } from './outcome.ts'
import { holdUsage, returnUsage, settleUsage, useUp } from './perform-usage.ts'
import { changeItems, listOf } from './perform-items.ts'
import { PLANS } from './price-list.ts'
import { SIMPLE_COMMANDS, type CommandRequest } from '../simple-commands.ts'

const DAY_MS = 86_400_000
const THREE_YEARS_MS = 3 * 365 * DAY_MS

/** Makes one call of a sequence. Never throws for an answer, whatever it is. */
export async function perform(world: World, account: Account, made: AccountCall): Promise<Outcome> {
  switch (made.kind) {
    case 'buy':
      return buy(world, account, made)
    case 'change':
      return change(world, account, made)
    case 'items':
      return changeItems(world, account, made)
    case 'cancel':
      return cancel(world, account, made)
    case 'keep':
    case 'unchange':
    case 'end_trial':
      return command(world, account, made, SIMPLE_COMMANDS[made.kind])
    case 'pause':
      return pause(world, account, made)
    case 'resume':
      return resume(world, account, made)
    case 'use':
      return useUp(world, account, made)
    case 'return':
      return returnUsage(world, account, made)
    case 'reserve':
      return holdUsage(world, account, made)
    case 'settle':
      return settleUsage(world, account, made)
    case 'card':
      return setCard(world, account, made.works)
    case 'pay':
      return payInvoice(world, account)
    case 'dispute':
      return dispute(world, account)
    case 'offer':
      return offer(world, account)
  }
}

async function buy(world: World, account: Account, made: CallOf<'buy'>): Promise<Outcome> {
  const { plan, card, quantity, code, addons } = made
  const body = {
    plan_id: plan,
    ...(quantity !== undefined && { quantity }),
    ...(code && { promotion_code: CODE }),
    ...(addons !== undefined && { addons: listOf(addons) }),
    ...(card === 'none' && { payment_method_collection: 'if_required', email: account.email }),
  }
  // Only the application may open a page that asks for no card.
  if (card === 'none') account.askedForNoCard = true
  const ask = card === 'none' ? askAsApplication : askAsCustomer
  const reply = await ask(world, account, ['POST', '/subscriptions/checkout', body])
  const { line, price } = PLANS[plan]
  // Without an answer the plan may have begun all the same.
  if (price === 0 && (reply.status === 201 || reply.status === 503)) noteFree(world, account, line)
  if (reply.status !== 201) return reply.body.code
  account.subscriptions.set(line, reply.body.subscription_id)
  const url: string | null = reply.body.checkout_url
  if (url === null || card === 'leaves') return DONE
  const number = { good: CARDS.good, declines: CARDS.declined, none: 'none' }[card]
  const paid = await pay(url, number, account.card)
  return paid.status < 300 ? DONE : `page_${paid.status}`
}

async function change(world: World, account: Account, made: CallOf<'change'>): Promise<Outcome> {
  const { plan, when, quantity } = made
  const { line, price } = PLANS[plan]
  const body = { plan_id: plan, when, ...(quantity !== undefined && { quantity }) }
  const outcome = await command(world, account, { line }, ['PUT', '/plan', body])
  if (outcome === DONE && price === 0) noteFree(world, account, line)
  return outcome
}

async function cancel(world: World, account: Account, made: CallOf<'cancel'>): Promise<Outcome> {
  const { when, key } = made
  const later = new Date(world.clock.now().getTime() + THREE_YEARS_MS).toISOString()
  const order: CommandRequest = [
    'PUT',
    '/cancellation',
    { when: when === 'in_3_years' ? later : when },
  ]
  const named = key && (await internalKey(world, account, key))
  return command(world, account, made, order, named)
}

async function pause(world: World, account: Account, made: CallOf<'pause'>): Promise<Outcome> {
  const outcome = await command(world, account, made, SIMPLE_COMMANDS.pause)
  const isPaused = account.pauses.at(-1)?.to === null
  if (outcome === DONE && !isPaused)
    account.pauses.push({ from: world.clock.now().getTime(), to: null })
  return outcome
}

async function resume(world: World, account: Account, made: CallOf<'resume'>): Promise<Outcome> {
  const outcome = await command(world, account, made, SIMPLE_COMMANDS.resume)
  const open = account.pauses.at(-1)
  if (outcome === DONE && open !== undefined) open.to ??= world.clock.now().getTime()
  return outcome
}
