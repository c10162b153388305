import { expect } from 'vitest'
import { subscribe } from './customer.ts'
import type { World } from './world.ts'

/** Some of the timeline entries of a full lifecycle. */
export const EXPECTED_ENTRIES = [
  'activated',
  'quota_threshold',
  'renewed',
  'cancellation_scheduled',
  'canceled',
]

/**
 * Runs a full lifecycle: purchase, payment, used-up quota, renewal, cancellation, end. Returns the kinds of the timeline's
 * entries.
 */
export async function runFullLifecycle(world: World): Promise<string[]> {
  const who = await subscribe(world, 'plan_pro_monthly')
  const begun = await who.read()
  expect(begun).toMatchObject({ status: 'active', has_access: true })
  expect(await who.consume(10_000)).toMatchObject({ outcome: 'allowed', remaining: 0 })
  expect(await who.consume(1)).toMatchObject({ outcome: 'refused', reason: 'quota_exceeded' })
  await world.settled()

  await world.advanceTo(new Date(new Date(begun.period.end).getTime() + 3_600_000))
  const renewed = await who.read()
  expect(renewed).toMatchObject({ status: 'active', period: { start: begun.period.end } })
  expect(await who.consume(1)).toMatchObject({ outcome: 'allowed', remaining: 9_999 })
  const { body: invoices } = await world.call('GET', '/invoices', { user: who.user })
  expect(invoices.invoices.map((invoice: { status: string }) => invoice.status)).toEqual([
    'paid',
    'paid',
  ])

  await who.ask('PUT', '/cancellation', { when: 'period_end' })
  expect(await who.read()).toMatchObject({ status: 'active', cancel_at: renewed.period.end })
  await world.advanceTo(new Date(new Date(renewed.period.end).getTime() + 3_600_000))
  expect(await who.read()).toMatchObject({ status: 'canceled', has_access: false })
  expect(await who.consume(1)).toMatchObject({ outcome: 'refused', reason: 'no_subscription' })
  return who.timeline()
}
