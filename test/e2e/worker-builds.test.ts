import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'

const DEPLOYMENT = `perennial-${randomUUID().slice(0, 8)}`
const OPERATOR = { namespace: 'default', deploymentName: DEPLOYMENT, identity: 'a test' }

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

const startBuild = (buildId: string) =>
  startWorkerProcess(world, { WORKER_DEPLOYMENT: DEPLOYMENT, WORKER_BUILD_ID: buildId })

const service = () => world.container.temporal.client.workflowService

/** Temporal knows a build a moment after its worker starts to poll. */
async function known(ask: () => Promise<unknown>): Promise<void> {
  await until('the server knows the build', async () => {
    try {
      await ask()
      return true
    } catch (error) {
      if (/no build|not.found|does not exist|pollers|missing/i.test(String(error))) return false
      throw error
    }
  })
}
const makeCurrent = (buildId: string) =>
  known(() => service().setWorkerDeploymentCurrentVersion({ ...OPERATOR, buildId }))
const ramp = (buildId: string, percentage: number) =>
  known(() => service().setWorkerDeploymentRampingVersion({ ...OPERATOR, buildId, percentage }))

/** The builds that worked on a subscription's present run, the latest one last. */
async function buildsOf({ id }: Customer): Promise<string[]> {
  const handle = world.container.temporal.client.workflow.getHandle(subscriptionWorkflowId(id))
  const { events } = await handle.fetchHistory()
  const builds = (events ?? []).flatMap((event) => {
    const done = event.workflowTaskCompletedEventAttributes
    return done?.deploymentVersion?.buildId ?? []
  })
  return builds.filter((build, index) => build !== builds[index - 1])
}
const cancel = async (customer: Customer) => {
  expect((await customer.ask('PUT', '/cancellation', { when: 'period_end' })).status).toBe(200)
}
const withdraw = async (customer: Customer) => {
  expect((await customer.ask('DELETE', '/cancellation')).status).toBe(200)
}

/** A new routing rule takes effect after a moment; requests in between still succeed. */
const goesOnWith = (customer: Customer, build: string) =>
  until(`it continues with ${build}`, async () => {
    await cancel(customer)
    await withdraw(customer)
    return (await buildsOf(customer)).at(-1) === build
  })

test('running subscriptions continue with the current build, and after a rollback with the one before', async () => {
  const one = await startBuild('one')
  await makeCurrent('one')
  const customers = [
    await subscribe(world, 'plan_free'),
    await subscribe(world, 'plan_pro_monthly'),
  ]
  for (const each of customers) expect(await buildsOf(each)).toEqual(['one'])

  // A new build gets no task until it is made current.
  const two = await startBuild('two')
  for (const each of customers) {
    await cancel(each)
    await withdraw(each)
    expect(await buildsOf(each)).toEqual(['one'])
  }

  await makeCurrent('two')
  for (const each of customers) await goesOnWith(each, 'two')
  expect(await one.stop()).toBe(0)
  expect(await buildsOf(await subscribe(world, 'plan_free'))).toEqual(['two'])

  // Rollback: the previous build is started and made current again, and continues the new build's runs.
  const again = await startBuild('one')
  await makeCurrent('one')
  for (const each of customers) await goesOnWith(each, 'one')
  expect(await two.stop()).toBe(0)
  for (const each of customers) {
    expect(await buildsOf(each)).toEqual(['one', 'two', 'one'])
    expect(await each.read()).toMatchObject({ status: 'active', cancel_at: null })
  }
  expect(await again.stop()).toBe(0)
})

test('a build may be given a share first, and have it taken away', async () => {
  const [one, three] = await Promise.all([startBuild('one'), startBuild('three')])
  await makeCurrent('one')
  const customer = await subscribe(world, 'plan_free')
  await ramp('three', 100)
  await goesOnWith(customer, 'three')
  await ramp('three', 0)
  await goesOnWith(customer, 'one')
  expect(await customer.read()).toMatchObject({ status: 'active', cancel_at: null })
  await Promise.all([one.stop(), three.stop()])
})
