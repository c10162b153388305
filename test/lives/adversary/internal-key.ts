import type { World } from '../../support/world.ts'
import { askAsCustomer, type Account } from './account.ts'

/**
 * The name under which the service itself will send a later command: of a refund or dispute, or of the end of an offer.
 * A customer reads or guesses its parts. They are written out here, because the names must not be made by the code under
 * test.
 */
export async function internalKey(
  world: World,
  account: Account,
  which: 'money_back' | 'offer_end',
): Promise<string> {
  return which === 'money_back' ? moneyBack(world, account) : offerEnd(world, account)
}

async function moneyBack(world: World, account: Account): Promise<string> {
  const { body } = await askAsCustomer(world, account, ['GET', '/invoices'])
  return `money-back/${body.invoices?.[0]?.id ?? 'none'}`
}

async function offerEnd(world: World, account: Account): Promise<string> {
  const { rows } = await world.database.pool.query<{ version: string; period_end: Date | null }>(
    `select plan_version_id as version, period_end from subscriptions where id = $1`,
    [account.subscriptions.get('main')],
  )
  return `offer-end/${rows[0]?.version}/${rows[0]?.period_end?.toISOString()}`
}
