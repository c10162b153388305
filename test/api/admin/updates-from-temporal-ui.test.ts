import { randomUUID } from 'node:crypto'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import type { UpdateDefinition } from '@temporalio/common'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forceCancel, grant, subscriptionWorkflowId } from '../../../workflows/contract.ts'
import { subscribe, type Customer } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const operate = (method: string, path: string, body?: object, key?: string) =>
  world.call(method, `/admin/${path}`, {
    headers: { authorization: 'Bearer bk_dev_operator' },
    ...(body && { body }),
    ...(key && { key }),
  })

/** Sends an update as the Temporal UI does. Resolves to its result, or to the reason of the refusal. */
async function typed<Result, Request>(
  who: Customer,
  update: UpdateDefinition<Result, [Request]>,
  request: unknown,
  updateId: string = randomUUID(),
): Promise<Result | string> {
  const { client } = world.container.temporal
  const handle = client.workflow.getHandle(subscriptionWorkflowId(who.id))
  try {
    return await handle.executeUpdate(update, { updateId, args: [request as Request] })
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) return error.cause?.message ?? 'failed'
    throw error
  }
}

const actionsOf = async ({ user }: Customer) =>
  (await operate('GET', `users/${user}/actions`)).body.actions
const causes = async (who: Customer) =>
  (await who.ask('GET', '/timeline')).body.changes.map(
    (change: { kind: string; actor: string; cause: string }) => [
      change.kind,
      change.actor,
      change.cause,
    ],
  )

describe('grant', () => {
  test('works from the Temporal UI, once per update, and records the operator and the reason', async () => {
    const who = await subscribe(world, 'plan_free')
    await who.consume(100)
    const request = { feature: 'messages_sent', amount: 5, reason: 'goodwill', askedBy: 'Ana' }
    const first = await typed(who, grant, request, 'once')
    expect(first).toMatchObject({ kind: 'granted' })
    expect(await typed(who, grant, request, 'once')).toEqual(first)
    expect(await who.consume(5)).toMatchObject({ outcome: 'allowed', remaining: 0 })
    expect(await who.consume(1)).toMatchObject({ outcome: 'refused' })
    expect(await actionsOf(who)).toMatchObject([
      { action: 'grant', key_id: null, asked_by: 'Ana', after: { reason: 'goodwill', amount: 5 } },
    ])
    expect((await causes(who)).filter(([kind]: string[]) => kind === 'granted')).toEqual([
      ['granted', 'operator', '5 of messages_sent were granted'],
    ])
  })

  test('works over HTTP, once per key', async () => {
    const who = await subscribe(world, 'plan_free')
    const body = { feature: 'messages_sent', amount: 7, reason: 'goodwill' }
    const path = `subscriptions/${who.id}/grants`
    const first = await operate('POST', path, body, 'http-1')
    expect(first.status).toBe(201)
    expect((await operate('POST', path, body, 'http-1')).body).toEqual(first.body)
    expect((await who.usage()).granted_remaining).toBe(7)
    const { body: listed } = await operate('GET', `grants?user_id=${who.user}`)
    expect(listed.grants).toMatchObject([{ id: first.body.grant_id, reason: 'goodwill' }])
    expect(await actionsOf(who)).toMatchObject([{ action: 'grant', asked_by: null }])
    expect((await actionsOf(who))[0].key_id).not.toBeNull()
    const other = { ...body, feature: 'nothing' }
    expect((await operate('POST', path, other)).body.code).toBe('feature_not_found')
    expect((await operate('POST', path, other, 'http-1')).body.code).toBe('idempotency_key_reused')
  })

  test.each<[string, unknown, RegExp]>([
    ['no argument', undefined, /give one argument/],
    ['no reason', { feature: 'f', amount: 1, askedBy: 'Ana' }, /give a "reason"/],
    ['no name', { feature: 'f', amount: 1, reason: 'r' }, /say who you are/],
    ['no feature', { amount: 1, reason: 'r', askedBy: 'Ana' }, /code of a "feature"/],
    ['a fraction', { feature: 'f', amount: 0.5, reason: 'r', askedBy: 'Ana' }, /"amount"/],
    ['an amount as text', { feature: 'f', amount: '5', reason: 'r', askedBy: 'Ana' }, /"amount"/],
    [
      'an expiry in the past',
      { feature: 'f', amount: 1, reason: 'r', askedBy: 'Ana', expiresAt: '2020-01-01T00:00:00Z' },
      /lies in the past/,
    ],
    [
      'an invalid expiry',
      { feature: 'f', amount: 1, reason: 'r', askedBy: 'Ana', expiresAt: 'soon' },
      /is an instant/,
    ],
  ])('with %s is refused by the validator with a reason', async (_what, request, words) => {
    const who = await subscribe(world, 'plan_free')
    expect(await typed(who, grant, request)).toMatch(words)
  })
})

describe('forceCancel', () => {
  test('ends a subscription that is missing at Stripe, and records the operator and the reason once', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await world.database.pool.query(
      `update subscriptions set stripe_subscription_id = 'sub_lost' where id = $1`,
      [who.id],
    )
    const request = { reason: 'Stripe has lost it', askedBy: 'Ana' }
    const ended = await typed(who, forceCancel, request, 'once')
    expect(ended).toEqual({ kind: 'done', status: 'canceled' })
    expect(await who.read()).toMatchObject({ status: 'canceled', has_access: false })
    expect(await actionsOf(who)).toMatchObject([
      {
        action: 'force_cancel',
        asked_by: 'Ana',
        before: { status: 'active' },
        after: { status: 'canceled', reason: 'Stripe has lost it' },
      },
    ])
    expect((await causes(who)).at(-1)).toEqual(['canceled', 'operator', 'forced cancellation'])
    expect((await who.ask('GET', '/timeline')).body.changes.at(-1).requested_by).toEqual({
      key_name: null,
      asked_by: 'Ana',
    })
  })

  test('over HTTP also cancels at Stripe, and a repeat returns the first response', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const path = `subscriptions/${who.id}/force-cancellation`
    const body = { reason: 'fraud' }
    const first = await operate('POST', path, body, 'force-1')
    expect(first.body).toMatchObject({ status: 'canceled', workflow_id: `subscription/${who.id}` })
    expect((await who.stripe()).status).toBe('canceled')
    expect((await operate('POST', path, body, 'force-1')).body).toEqual(first.body)
    expect((await operate('POST', path, body)).body.code).toBe('subscription_over')
    expect((await operate('POST', path, {})).body.code).toBe('invalid_request')
    await world.settled()
    expect((await who.timeline()).filter((kind) => kind === 'canceled')).toHaveLength(1)
  })

  test('without a reason is refused and changes nothing', async () => {
    const who = await subscribe(world, 'plan_free')
    expect(await typed(who, forceCancel, { reason: ' ', askedBy: 'Ana' })).toMatch(/"reason"/)
    expect((await who.read()).status).toBe('active')
  })
})

test('subscriptions can be searched by status, plan, user and drift, page by page', async () => {
  const [ada, bob] = [
    await subscribe(world, 'plan_pro_monthly'),
    await subscribe(world, 'plan_free'),
  ]
  await world.database.pool.query(`update subscriptions set drift = 'odd' where id = $1`, [bob.id])
  const find = async (query: string) =>
    (await operate('GET', `subscriptions?${query}`)).body.subscriptions.map(
      ({ id }: { id: string }) => id,
    )
  expect(await find(`user_id=${ada.user}`)).toEqual([ada.id])
  expect(await find('drift=true')).toEqual([bob.id])
  expect(await find('plan=plan_pro_monthly&status=active')).toContain(ada.id)
  expect(await find('plan=plan_pro_monthly')).not.toContain(bob.id)
  const [newest] = await find('limit=1')
  expect(newest).toBe(bob.id)
  expect((await find(`limit=1&after=${newest}`))[0]).toBe(ada.id)
  const { body } = await operate('GET', `subscriptions/${bob.id}`)
  expect(body).toMatchObject({ user_id: bob.user, drift: 'odd', stripe_subscription_id: null })
  const { status } = await world.call('GET', '/admin/subscriptions')
  expect(status).toBe(403)
})
