import { afterAll, beforeAll, expect, test } from 'vitest'
import { pause } from '../../activities/pause.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { subscribe } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

test.each(['plan_free', 'plan_pro_monthly'])(
  'an attempt that was given up, and continues after later commands, changes nothing (%s)',
  async (plan) => {
    const who = await subscribe(world, plan)
    const { repositories, stripe } = world.container
    const seqOf = async () =>
      (await repositories.subscriptions.find(subscriptionId(who.id)))?.observedSeq
    const order = {
      subscriptionId: who.id,
      at: world.clock.now().toISOString(),
      actor: 'user',
      generation: (await seqOf()) ?? 0,
      resumesAt: null,
    } as const
    const lateAttempt = () =>
      pause(
        {
          repositories,
          stripe,
          logger: world.container.logger,
          pauseCredit: 'none',
          flushOverage: async () => undefined,
          accessPolicy: { graceDays: 7, whileCollectionPaused: 'as_stripe' },
          build: 'test',
          trialOncePer: [],
          deliverLetters: async () => undefined,
          webhooksChanged: () => undefined,
          mirrorInvoice: async () => undefined,
        },
        order,
      )
    expect(await who.ask('PUT', '/pause', {})).toMatchObject({ status: 200 })
    expect(await who.ask('DELETE', '/pause')).toMatchObject({ status: 200 })
    await world.settled()
    const before = await seqOf()
    await expect(lateAttempt()).rejects.toMatchObject({ type: 'superseded', nonRetryable: true })
    expect(await seqOf()).toBe(before)
    expect((await who.read()).status).toBe('active')
  },
)
