import { randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Activities } from '../../activities/index.ts'
import type { MovedPage } from '../../activities/plan-migration.ts'
import {
  planMigrationWorkflowId,
  progress,
  steer,
} from '../../workflows/plan-migration-contract.ts'
import { groundOfThisRun } from '../support/ground.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'
import { until } from '../support/until.ts'

/** The subscriptions of a migration, as its workflow sees them. */
type Job = {
  left: number
  /** Of those that are left, so many fail first. */
  failing: number
  readonly states: string[]
}
type Steps = Pick<
  Activities,
  'planPage' | 'chooseCanary' | 'movePage' | 'rollBackPage' | 'standMigration'
>

const jobs = new Map<string, Job>()
const nothing = { tried: 0, moved: 0, skipped: 0, failed: 0, rolledBack: 0 }
const jobOf = (id: string): Job => {
  const job = jobs.get(id)
  if (job === undefined) throw new Error(`no job ${id}`)
  return job
}
/** The workflow alone is asked here; what its steps do has tests of its own, against the real thing. */
const steps: Steps = {
  planPage: async ({ migrationId }) => ({ count: jobOf(migrationId).left, next: null }),
  chooseCanary: async () => 0,
  movePage: async ({ migrationId, limit }): Promise<MovedPage> => {
    const job = jobOf(migrationId)
    const tried = Math.min(limit, job.left)
    const failed = Math.min(tried, job.failing)
    job.left -= tried
    job.failing -= failed
    return { ...nothing, tried, failed, moved: tried - failed }
  },
  rollBackPage: async () => nothing,
  standMigration: async ({ migrationId, state }) => {
    jobOf(migrationId).states.push(state)
  },
}

const taskQueue = `migrations-${randomUUID()}`
let client: Client
let stop: () => Promise<void>
beforeAll(async () => {
  quietRuntime()
  const { temporalAddress: address, workflowBundle } = groundOfThisRun()
  const connection = await Connection.connect({ address })
  const workers = await NativeConnection.connect({ address })
  const worker = await Worker.create({
    connection: workers,
    taskQueue,
    workflowBundle: { codePath: workflowBundle },
    activities: steps,
  })
  const running = worker.run()
  client = new Client({ connection })
  stop = async () => {
    worker.shutdown()
    await running
    await Promise.all([connection.close(), workers.close()])
  }
})
afterAll(() => stop())

async function begin(job: Pick<Job, 'left' | 'failing'>) {
  const migrationId = randomUUID()
  const known = { ...job, states: [] }
  jobs.set(migrationId, known)
  const handle = await client.workflow.start('PlanMigration', {
    taskQueue,
    workflowId: planMigrationWorkflowId(migrationId),
    args: [
      {
        stateVersion: 1,
        migrationId,
        phase: 'planning',
        hold: null,
        dryRun: false,
        canaryPercent: 0,
        ratePerMinute: 1_000_000_000,
        cursor: null,
        tally: { planned: 0, moved: 0, skipped: 0, failed: 0, failedLately: 0, rolledBack: 0 },
      },
    ],
  })
  return { handle, known }
}

describe('the workflow of a migration', () => {
  test('of ten thousand begins anew before its history grows long, and loses no count and no steering', async () => {
    const { handle, known } = await begin({ left: 10_000, failing: 0 })
    await until('some are moved', () => Promise.resolve(known.left < 9_000))
    expect(await handle.executeUpdate(steer, { args: ['pause'] })).toMatchObject({
      state: 'paused',
    })
    const { left } = known
    expect(await handle.query(progress)).toMatchObject({ tally: { moved: 10_000 - left } })
    expect(await handle.executeUpdate(steer, { args: ['go_on'] })).toMatchObject({
      state: 'moving',
    })
    expect(await handle.result()).toMatchObject({
      state: 'done',
      tally: { planned: 10_000, moved: 10_000, failed: 0 },
    })
    // A run that begins anew says once more where it stands.
    const reported = known.states.filter((state, index) => state !== known.states[index - 1])
    expect(reported).toEqual(['planning', 'moving', 'paused', 'moving', 'done'])
    expect(known.left).toBe(0)
    const lengths: number[] = []
    for await (const run of client.workflow.list({
      query: `WorkflowId = '${handle.workflowId}'`,
    }))
      lengths.push(run.historyLength ?? 0)
    expect(lengths.length).toBeGreaterThan(1)
    expect(Math.max(...lengths)).toBeLessThan(2_100)
  })

  test('holds after ten failures until somebody agrees, and ten more hold it again', async () => {
    const { handle, known } = await begin({ left: 100, failing: 25 })
    const isHeld = (moved: number, failed: number) =>
      until('it is held', async () => {
        const { state, tally } = await handle.query(progress)
        return state === 'paused' && tally.moved === moved && tally.failed === failed
      })
    await isHeld(0, 20)
    await handle.executeUpdate(steer, { args: ['go_on'] })
    expect(await handle.result()).toMatchObject({
      state: 'done',
      tally: { moved: 75, failed: 25 },
    })
    expect(known.states).toEqual(['planning', 'moving', 'paused', 'moving', 'done'])
  })
})
