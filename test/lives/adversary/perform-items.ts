import type { World } from '../../support/world.ts'
import { askAsCustomer, type Account } from './account.ts'
import type { CallOf } from './call.ts'
import { command, noteFree } from './command.ts'
import { DONE, type Outcome } from './outcome.ts'
import { PLANS, type AddonSlug } from './price-list.ts'

/** Add-ons as the API takes them. */
export const listOf = (addons: Partial<Record<AddonSlug, number>>) =>
  Object.entries(addons).map(([plan_id, quantity]) => ({ plan_id, quantity }))

/** Changes plan, quantity and add-ons as one change. */
export async function changeItems(
  world: World,
  account: Account,
  made: CallOf<'items'>,
): Promise<Outcome> {
  const { plan, quantity, addons, when, preview } = made
  const body = {
    ...(plan !== undefined && { plan_id: plan }),
    ...(quantity !== undefined && { quantity }),
    ...(addons !== undefined && { addons: listOf(addons) }),
    ...(when !== undefined && { when }),
  }
  const date = preview && (await previewed(world, account, body, preview))
  const order = { ...body, ...(date && { proration_date: date }) }
  const outcome = await command(world, account, {}, ['PUT', '/items', order])
  if (outcome === DONE && plan !== undefined && PLANS[plan].price === 0)
    noteFree(world, account, PLANS[plan].line)
  return outcome
}

/** The instant of a preview of this change now, or of the first preview that the account had. */
async function previewed(
  world: World,
  account: Account,
  body: object,
  which: 'fresh' | 'kept',
): Promise<string | null> {
  const path = `/subscriptions/${account.subscriptions.get('main')}/items/preview`
  const reply = await askAsCustomer(world, account, ['POST', path, body])
  const shown: string | null = reply.body.proration_date ?? null
  account.firstPreview ??= shown
  return which === 'kept' ? account.firstPreview : shown
}
