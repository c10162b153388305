import { randomUUID } from 'node:crypto'
import { usualTerms } from '../../../domain/catalogue.ts'
import type { MigrationState } from '../../../domain/plan-migration.ts'
import { planMigrationWorkflowId } from '../../../workflows/contract.ts'
import { until } from '../../support/until.ts'
import { startBilling, type Billing } from '../billing.ts'
import type { Findings, Section } from '../section.ts'

const SUBSCRIBERS = Number(process.env['BENCH_SUBSCRIBERS'] ?? 1_000)
const CANARY_PERCENT = 5
/** On a machine that has other things to do. */
const PATIENCE_MS = 900_000

/** Moves free subscriptions to a new version with a canary, kills the worker twice meanwhile, and rolls back. */
export const migration: Section = {
  name: 'migration',
  isLong: true,
  async measure() {
    const billing = await startBilling()
    try {
      return await measure(billing)
    } finally {
      await billing.close()
    }
  },
}

async function measure({
  container,
  start,
  residentKb,
  replaceWorker,
}: Billing): Promise<Findings> {
  const { catalogue, plans, planMigrations } = container.repositories
  await start(SUBSCRIBERS)
  const act = { at: new Date(), by: 'bench' }
  const before = await plans.findActive('plan_free')
  const features = [{ ...usualTerms('messages_sent', 'metered'), quotaLimit: 200 }]
  const free = { period: 'monthly', priceMinor: 0, currency: 'usd', trialDays: 0 } as const
  await catalogue.createDraft('plan_free', { ...free, features }, act)
  await catalogue.publish({ slug: 'plan_free', version: 2 }, true, act)
  const after = await plans.findActive('plan_free')
  if (before === undefined || after === undefined) throw new Error('the seed has no free plan')

  const id = randomUUID()
  const terms = {
    from: [before.id],
    to: after.id,
    when: 'now',
    filter: { statuses: null, userIds: null, since: null, before: null },
    dryRun: false,
    canaryPercent: CANARY_PERCENT,
    ratePerMinute: 1_000_000,
    reason: 'bench',
  } as const
  const created = await planMigrations.create({ id, terms, by: 'bench', at: new Date() })
  if (created.kind === 'conflict') throw new Error('another migration runs')
  const { migration: job } = created
  const movedCount = async () =>
    (await planMigrations.report(id)).states.find(({ state }) => state === 'moved')?.count ?? 0
  const reaches = (wanted: MigrationState) =>
    until(
      `it is ${wanted}`,
      async () => (await planMigrations.find(id))?.state === wanted,
      PATIENCE_MS,
    )
  const steer = async (wanted: 'go_on' | 'roll_back') => {
    const commandId = randomUUID()
    const ask = () =>
      container.migrationWorkflows.steer({ migration: job, to: after, commandId }, wanted)
    let asked = await ask()
    while (asked.kind === 'unavailable') asked = await ask()
    if (asked.kind !== 'answered') throw new Error(`it did not ${wanted}: ${asked.kind}`)
  }
  const seconds = async (run: () => Promise<void>) => {
    const began = performance.now()
    await run()
    return (performance.now() - began) / 1_000
  }

  const canary = await seconds(async () => {
    await container.migrationWorkflows.start(job, after)
    await reaches('awaiting_approval')
  })
  const kbBefore = await residentKb()
  const there = await seconds(async () => {
    await steer('go_on')
    for (const share of [1 / 3, 2 / 3]) {
      await until(
        'a third more is moved',
        async () => (await movedCount()) >= SUBSCRIBERS * share,
        PATIENCE_MS,
      )
      await replaceWorker()
    }
    await reaches('done')
  })
  const moved = await movedCount()
  const kbAfter = await residentKb()
  const back = await seconds(async () => {
    await steer('roll_back')
    await reaches('rolled_back')
  })
  const { longest, runs } = await historiesOf(id)
  const { states } = await planMigrations.report(id)
  return {
    figures: [
      { name: `planned, and canary of ${CANARY_PERCENT} % moved`, value: canary, unit: 's' },
      { name: 'the others moved, the worker killed twice', value: there, unit: 's' },
      { name: 'rolled back', value: back, unit: 's' },
      { name: 'memory of the worker, before', value: kbBefore / 1_024, unit: 'MiB' },
      { name: 'memory of the worker, after', value: kbAfter / 1_024, unit: 'MiB' },
      { name: 'runs of its workflow', value: runs, unit: '' },
      { name: 'events of the longest run', value: longest, unit: '' },
    ],
    budgets: [
      {
        name: 'subscribers moved',
        measured: moved,
        bound: 'exactly',
        limit: SUBSCRIBERS,
        unit: '',
      },
    ],
    rounds: states,
  }

  async function historiesOf(migrationId: string) {
    const { client } = container.temporal
    const lengths: number[] = []
    const query = `WorkflowId = '${planMigrationWorkflowId(migrationId)}'`
    for await (const run of client.workflow.list({ query })) lengths.push(run.historyLength ?? 0)
    return { longest: Math.max(...lengths), runs: lengths.length }
  }
}
