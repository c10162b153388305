import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planMigrationWorkflowId } from '../../workflows/plan-migration-contract.ts'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { dashboardCustomer, dashboardSubscription, priceOf } from '../support/dashboard.ts'
import { aPlanOfVersions, migrate } from '../support/migrations.ts'
import { newUser, subscribe } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'
import { HISTORIES } from './history-file.ts'
import { keepRuns } from './keep-runs.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  mkdirSync(HISTORIES, { recursive: true })
})
afterAll(() => world.close())

test('a migration with a canary, paused, gone on with and rolled back', async () => {
  const { slug, publish } = await aPlanOfVersions(world)
  await publish({ quota: 10 })
  await Promise.all(Array.from({ length: 10 }, () => subscribe(world, slug)))
  await publish({ quota: 30 })
  const job = await migrate(world, {
    from: [{ plan: slug, version: 1 }],
    to: { plan: slug, version: 2 },
    when: 'now',
    canary_percent: 10,
    rate_per_minute: 600,
  })
  await job.reaches('awaiting_approval')
  await job.steer('running')
  await job.steer('paused')
  await job.steer('running')
  await job.reaches('done')
  await job.steer('rolled_back')
  expect((await job.reaches('rolled_back')).report.states).toMatchObject({ rolled_back: 10 })
  await keepRuns(world, 'plan-migration', planMigrationWorkflowId(job.id))
})

test('an import of a subscription of the dashboard, and a comparison of everything', async () => {
  const user = newUser()
  const customer = await dashboardCustomer(world, { perennial_user_id: user })
  const price = await priceOf(world, 'plan_pro_monthly')
  await dashboardSubscription(world, { customer: customer.id, price })
  await world.settled()
  const { body } = await world.call('GET', '/subscriptions/current', { user })
  expect(body.status).toBe('active')
  await keepRuns(world, 'adopted', subscriptionWorkflowId(body.id))

  const workflowId = await world.container.reconciliations.start({
    cause: 'test',
    scope: 'all',
    dryRun: false,
    repairsMax: 10,
  })
  await world.container.reconciliations.result(workflowId)
  await until('it is listed', async () => {
    for await (const run of world.container.temporal.client.workflow.list({
      query: `WorkflowId = '${workflowId}'`,
    }))
      return run.status.name === 'COMPLETED'
    return false
  })
  await keepRuns(world, 'reconciliation', workflowId)
})
