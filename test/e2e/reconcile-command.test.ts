import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dashboardCustomer, dashboardSubscription, priceOf, turn } from '../support/dashboard.ts'
import { newUser } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await turn(world, 'deliveries', { action: 'drop', count: 1_000_000 })
})
afterAll(() => world.close())

const ROOT = new URL('../../', import.meta.url)
async function command(name: 'import' | 'reconcile', ...options: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'cli/main.ts', name, ...options],
    {
      cwd: ROOT,
      env: { ...process.env, ...world.workerEnvironment, LOG_LEVEL: 'error' },
      encoding: 'utf8',
    },
  )
  return stdout.trim().split('\n')
}

describe('the command', () => {
  test('reports missing subscriptions, imports them, and then finds nothing', async () => {
    const user = newUser()
    const customer = await dashboardCustomer(world, { perennial_user_id: user })
    const price = await priceOf(world, 'plan_pro_monthly')
    const { id } = await dashboardSubscription(world, { customer: customer.id, price })
    const current = () => world.call('GET', '/subscriptions/current', { user })

    const dry = await command('import', '--dry-run')
    expect(dry).toContainEqual(expect.stringMatching(new RegExp(`^import +missing_here +${id} `)))
    expect(dry.at(-1)).toBe('1 listed at Stripe, 1 differ, a dry run: nothing was repaired.')
    expect((await current()).status).toBe(404)

    expect((await command('import')).at(-1)).toBe('1 listed at Stripe, 1 differ, 1 repaired.')
    await until('it is imported', async () => (await current()).status === 200)
    await world.settled()
    expect((await command('reconcile')).at(-1)).toMatch(
      / listed at Stripe, 0 differ, 0 repaired\.$/,
    )
  })

  test('refuses an invalid number', async () => {
    await expect(command('reconcile', '--repairs-max', 'all')).rejects.toThrow(
      '--repairs-max takes a number',
    )
  })
})

describe('the schedule', () => {
  const nightly = { cause: 'schedule', scope: 'all', dryRun: true, repairsMax: 7 } as const
  const own = async () => {
    const found = []
    for await (const each of world.container.temporal.client.schedule.list())
      if (each.scheduleId.includes(world.workerEnvironment['TEMPORAL_TASK_QUEUE'] ?? ''))
        found.push(each)
    return found
  }

  test('exists once for any number of workers, has the settings of the last one, and starts a comparison', async () => {
    const { reconciliations, repositories, temporal } = world.container
    await reconciliations.schedule(3, { ...nightly, repairsMax: 1 })
    await Promise.all([reconciliations.schedule(4, nightly), reconciliations.schedule(4, nightly)])
    await until('it is listed', async () => (await own()).length === 1)
    const [schedule] = await own()
    const handle = temporal.client.schedule.getHandle(schedule!.scheduleId)
    const { action, spec } = await handle.describe()
    expect(action).toMatchObject({ args: [nightly] })
    expect(spec.calendars).toMatchObject([{ hour: [{ start: 4 }] }])
    await handle.trigger()
    await until('it ran', async () => {
      const [latest] = await repositories.reconciliations.list(1)
      return latest?.cause === 'schedule' && latest.finishedAt !== null
    })
    await reconciliations.schedule(null, nightly)
    await reconciliations.schedule(null, nightly)
    await until('it is gone', async () => (await own()).length === 0)
  })
})
