import { expect } from 'vitest'
import { FOREVER } from '../../domain/usage/quota-window.ts'
import type { Status, Subscription } from '../../domain/subscription/subscription.ts'
import type { TestDatabase } from './database.ts'
import { aWrite, getPlan, storeSubscription } from './rows.ts'
import { withFacts, type GivenFacts } from './builders.ts'

export const at = new Date('2026-03-01T12:00:00.000Z')
const DAY_MS = 86_400_000
export const days = (count: number) => new Date(at.getTime() + count * DAY_MS)

const ADDED = {
  active: { status: 'active' },
  trialing: { status: 'trialing', trialEnd: days(3) },
  past_due: { status: 'past_due', pastDueSince: days(-2) },
  paused: { status: 'paused' },
  canceled: { status: 'canceled', endedAt: days(-10) },
} as const satisfies Partial<Record<Status, GivenFacts>>

type Given = GivenFacts & { readonly plan?: string; readonly began?: Date }

/** A subscription of a paid plan that started at `began`, as its workflow stores it. */
export async function storeCustomer(
  database: TestDatabase,
  status: keyof typeof ADDED,
  given: Given = {},
): Promise<Subscription> {
  const { plan: slug = 'plan_pro_monthly', began = days(-5), ...fields } = given
  const plan = await getPlan(database.repositories, slug)
  const before = await storeSubscription(database.repositories, {
    plan,
    at: began,
    ...(given.userId !== undefined && { user: given.userId }),
  })
  const after = withFacts(before, {
    anchor: began,
    period: { start: began, end: days(25) },
    accessUntil: FOREVER,
    ...ADDED[status],
    ...fields,
    userId: before.userId,
  })
  const saved = await database.repositories.subscriptions.save(aWrite(before, { after, at: began }))
  expect(saved).toBe('saved')
  return after
}
