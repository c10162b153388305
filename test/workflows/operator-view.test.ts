import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { isAction, sizeOf, withoutTravel } from '../replay/history-file.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { wholePeriodOf } from '../support/whole-period.ts'
import { createWorld, type World } from '../support/world.ts'

/** The texts of the Temporal UI, and their size in histories. */
let world: World
let who: Customer
let history: Awaited<ReturnType<typeof wholePeriodOf>>
beforeAll(async () => {
  world = await createWorld()
  who = await subscribe(world, 'plan_pro_monthly')
  history = await wholePeriodOf(world, who)
})
afterAll(() => world.close())

/** The card at the top of a run's page; without `runId` of the latest run. */
async function card(runId?: string): Promise<string> {
  const { workflow } = world.container.temporal.client
  const handle = workflow.getHandle(subscriptionWorkflowId(who.id), runId)
  const shown = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')
  return shown.currentDetails
}

describe('a plain renewal by the present code', () => {
  test('takes at most 4 actions, 20 events and 4 KiB of history', () => {
    const { events } = withoutTravel(history)
    expect(events.filter(isAction).length).toBeLessThanOrEqual(4)
    expect(events.length).toBeLessThanOrEqual(20)
    expect(sizeOf({ events })).toBeLessThanOrEqual(4 * 1_024)
  })

  test.each(['workflowBundle', 'tracedBundle'] as const)('replays, as %s', async (bundle) => {
    const sinks = { exporter: { export: { fn: () => undefined } } }
    const workflowBundle = { codePath: inject(bundle) }
    await expect(
      Worker.runReplayHistory({ workflowBundle, sinks }, history),
    ).resolves.toBeUndefined()
  })
})

describe('the card of a run in which nothing happened yet', () => {
  test('says plan, period and customer, which its search attributes brought along', async () => {
    const { period } = await who.read()
    const customer = await world.container.repositories.customers.find(who.user)
    const shown = await card()
    expect(shown).toContain('| Plan | `plan_pro_monthly` version 1 |')
    expect(shown).toContain(`to ${period.end} |`)
    expect(shown).toContain(`| Stripe | \`${customer?.stripeCustomerId}\` |`)
  })

  test('shows the last events and when they were applied', async () => {
    expect(await card()).toMatch(
      /\*\*Last events\*\*\n\n- 20\d\d-\d\d-\d\dT[\d:]+\.000Z · `customer\.subscription\.updated` · \w{8}/,
    )
  })

  test('has nothing personal', async () => {
    expect(await card()).not.toContain('@')
  })
})

describe('the card of a run that took an event in', () => {
  test('has the whole id of the event, beside its type', async () => {
    const started = history.events?.find((event) => event.workflowExecutionSignaledEventAttributes)
    const data = started?.workflowExecutionSignaledEventAttributes?.input?.payloads?.[0]?.data
    const { eventIds, types } = JSON.parse(new TextDecoder().decode(data ?? undefined))
    const first = history.events?.[0]?.workflowExecutionStartedEventAttributes
    const shown = await card(first?.originalExecutionRunId ?? undefined)
    expect(shown).toContain(` · \`${types[0]}\` · ${eventIds[0]}`)
  })
})
