import type { Context } from 'hono'
import { z } from 'zod'
import { subscriptionId } from '../../domain/ids.ts'
import type { PageSetting } from '../web/setting.ts'
import type { AccountEnvironment } from './session.ts'

/** @returns the visitor's subscription of this id; undefined if it does not exist or belongs to another user. */
export async function ownSubscription(
  c: Context<AccountEnvironment>,
  { repositories }: PageSetting,
  id: string,
) {
  const parsed = z.uuid().safeParse(id)
  if (!parsed.success) return undefined
  const found = await repositories.subscriptions.find(subscriptionId(parsed.data.toLowerCase()))
  return found?.userId === c.get('visitor').userId ? found : undefined
}
