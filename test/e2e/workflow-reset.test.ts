import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const handleOf = ({ id }: Customer) =>
  world.container.temporal.client.workflow.getHandle(subscriptionWorkflowId(id))

/** Resets the workflow to its first task, or to the last one before its latest command, as an operator does in Temporal's UI. */
async function reset(who: Customer, to: 'first task' | 'before the command') {
  const { client } = world.container.temporal
  const { events } = await handleOf(who).fetchHistory()
  const all = events ?? []
  const end =
    to === 'first task'
      ? all.length
      : all.findLastIndex((each) => each.workflowExecutionUpdateAcceptedEventAttributes)
  const tasks = all.slice(0, end).filter((each) => each.workflowTaskCompletedEventAttributes)
  const task = to === 'first task' ? tasks[0] : tasks.at(-1)
  if (task === undefined) throw new Error('there is no task to reset to')
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: subscriptionWorkflowId(who.id) },
    workflowTaskFinishEventId: task.eventId ?? null,
    requestId: randomUUID(),
    reason: 'a test',
  })
}

const syncOf = (who: Customer) => who.ask('POST', '/sync', undefined, { operator: true })

test.each(['before the command', 'first task'] as const)(
  'a workflow that is reset to %s of an upgrade charges once and sends each letter once',
  async (to) => {
    const who = await subscribe(world, 'plan_pro_monthly')
    expect(await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })).toMatchObject({
      status: 200,
    })
    await world.settled()
    const before = {
      bills: (await who.stripeInvoices()).length,
      mails: await who.mails(),
      usage: await who.usage(),
    }
    await reset(who, to)
    await until('it answers again', async () => (await syncOf(who)).status === 200)
    await world.settled()
    expect((await who.stripeInvoices()).length).toBe(before.bills)
    expect(await who.mails()).toEqual(before.mails)
    expect(await who.usage()).toEqual(before.usage)
    expect(await who.read()).toMatchObject({ status: 'active', plan: { slug: 'plan_enterprise' } })
  },
)
