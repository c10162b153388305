import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareSubscription } from '../../sync/reconciliation/comparison.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { daysAfter } from '../support/days.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** Renews the subscription by time. */
async function renew(who: Customer) {
  const { period } = await who.read()
  await world.advanceTo(daysAfter(period.end, 1))
  await until('it renewed', async () => (await who.read()).period.start === period.end)
}

describe('collection that was paused', () => {
  const pauseCollection = async (who: Customer, behavior: 'void' | 'mark_uncollectible' | null) => {
    const { id } = await who.stripe()
    await world.stripe.subscriptions.update(id, {
      pause_collection: behavior === null ? '' : { behavior },
    })
    await world.settled()
  }

  test('with void is shown, ends access with what is paid, and gives no fresh quota', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { period } = await who.read()
    await pauseCollection(who, 'void')
    expect(await who.read()).toMatchObject({
      status: 'active',
      has_access: true,
      access_until: period.end,
      collection_pause: { behavior: 'void', resumes_at: null, paid_until: period.end },
    })
    expect((await who.timeline()).at(-1)).toBe('collection_paused')
    await renew(who)
    expect(await who.read()).toMatchObject({ has_access: false, access_until: period.end })
    expect(await who.consume(1)).toMatchObject({ outcome: 'refused' })
    await pauseCollection(who, null)
    expect(await who.read()).toMatchObject({ has_access: true, collection_pause: null })
    expect((await who.timeline()).at(-1)).toBe('collection_resumed')
  })

  test('with mark_uncollectible gives free months, and our commands leave it', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await pauseCollection(who, 'mark_uncollectible')
    await renew(who)
    expect(await who.read()).toMatchObject({ has_access: true, access_until: null })
    const upgrade = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' })
    expect(upgrade).toMatchObject({ status: 409, body: { code: 'collection_paused' } })
    await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'period_end' })
    await who.ask('DELETE', '/plan/pending')
    await who.ask('PUT', '/cancellation', { when: 'period_end' })
    await who.ask('DELETE', '/cancellation')
    expect((await who.stripe()).pause_collection).toMatchObject({ behavior: 'mark_uncollectible' })
    await pauseCollection(who, null)
  })

  test('is a finding for an operator, who may dismiss it', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await pauseCollection(who, 'void')
    const found = await compareSubscription(
      { ...world.container, stripe: world.stripe },
      await world.stripe.subscriptions.retrieve((await who.stripe()).id, {
        expand: ['customer', 'schedule', 'latest_invoice', 'discounts'],
      }),
      { isRecovery: false, at: world.clock.now() },
    )
    expect(found).toMatchObject({ kind: 'collection_paused', subscriptionId: who.id })
    await pauseCollection(who, null)
  })
})
