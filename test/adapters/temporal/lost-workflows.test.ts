import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscriptionWorkflowId } from '../../../workflows/contract.ts'
import { subscribe, type Customer } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const handleOf = ({ id }: Customer) =>
  world.container.temporal.client.workflow.getHandle(subscriptionWorkflowId(id))
const force = (who: Customer, key: string = randomUUID()) =>
  world.call('POST', `/admin/subscriptions/${who.id}/force-cancellation`, {
    headers: { authorization: 'Bearer bk_dev_operator' },
    body: { reason: 'asked by phone' },
    key,
  })

/** A customer whose workflow was terminated in the Temporal UI. */
async function abandoned(): Promise<Customer> {
  const who = await subscribe(world, 'plan_pro_monthly')
  await handleOf(who).terminate('by mistake')
  return who
}

describe('a subscription whose workflow was terminated in Temporal', () => {
  test('can be force canceled, also at Stripe', async () => {
    const who = await abandoned()
    const key = randomUUID()
    const forced = await force(who, key)
    expect(forced).toMatchObject({ status: 200, body: { status: 'canceled' } })
    expect((await who.stripe()).status).toBe('canceled')
    expect((await handleOf(who).describe()).status.name).toBe('COMPLETED')
    expect((await who.timeline()).filter((kind) => kind === 'canceled')).toEqual(['canceled'])
    const { body } = await world.call('GET', `/admin/users/${who.user}/actions`, {
      headers: { authorization: 'Bearer bk_dev_operator' },
    })
    expect(body.actions).toMatchObject([
      { action: 'force_cancel', after: { reason: 'asked by phone' } },
    ])
    expect(await force(who, key)).toMatchObject({ status: 200, body: forced.body })
  })

  test('can be canceled by its user, also at Stripe', async () => {
    const who = await abandoned()
    const canceled = await who.ask('PUT', '/cancellation', { when: 'period_end' })
    expect(canceled.status).toBe(200)
    expect((await who.stripe()).cancel_at_period_end).toBe(true)
    expect((await handleOf(who).describe()).status.name).toBe('RUNNING')
  })

  test('starts one workflow for several concurrent requests', async () => {
    const who = await abandoned()
    const answers = await Promise.all([1, 2, 3].map(() => force(who)))
    expect(answers.map(({ status }) => status)).toContain(200)
    expect((await who.stripe()).status).toBe('canceled')
    expect((await who.timeline()).filter((kind) => kind === 'canceled')).toEqual(['canceled'])
  })
})

test('a command to an ended subscription starts no workflow', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  expect((await force(who)).status).toBe(200)
  const { runId } = await handleOf(who).describe()
  expect(await force(who)).toMatchObject({ status: 409, body: { code: 'subscription_over' } })
  expect(await handleOf(who).describe()).toMatchObject({ runId, status: { name: 'COMPLETED' } })
})
