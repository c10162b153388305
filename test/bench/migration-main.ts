import { randomUUID } from 'node:crypto'
import { defaultTerms } from '../../domain/catalogue/terms.ts'
import type { MigrationState } from '../../domain/migration/plan-migration.ts'
import { planMigrationWorkflowId } from '../../workflows/plan-migration-contract.ts'
import { until } from '../support/until.ts'
import { startBilling, type Billing } from './billing.ts'

/**
 * Migrates free subscriptions to a new version with a canary, kills the worker twice meanwhile, and rolls back:
 * `npm run bench:migration`, optionally with another number of subscriptions.
 */
const CUSTOMERS = Number(process.argv[2] ?? 1_000)
const CANARY_PERCENT = 5
/** A quarter of an hour for each thousand, on a machine with other load. */
const PATIENCE_MS = Math.max(1, CUSTOMERS / 1_000) * 900_000
/** Each check counts all subscriptions; twice a second keeps that load small. */
const LOOK_EVERY_MS = 500

const billing = await startBilling()
try {
  await measure(billing)
} finally {
  await billing.close()
}

async function seconds(run: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await run()
  return (performance.now() - began) / 1_000
}

async function measure({ container, start, residentKb, replaceWorker }: Billing) {
  const { catalogue, plans, planMigrations } = container.repositories
  /** Prints each figure immediately, so that an aborted run leaves results. */
  const report = (figure: string, measured: string) => console.log(`| ${figure} | ${measured} |`)
  report('figure', 'measured')
  report('---', '---')
  const begun = await seconds(() => start(CUSTOMERS))
  report(`${CUSTOMERS} free subscriptions started`, `${begun.toFixed(1)} s`)
  const act = { at: new Date(), by: 'bench' }
  const before = await plans.findActive('plan_free')
  const features = [{ ...defaultTerms('messages_sent', 'metered'), quotaLimit: 200 }]
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
  const { migration } = created
  const movedCount = async () =>
    (await planMigrations.report(id)).states.find(({ state }) => state === 'moved')?.count ?? 0
  const reaches = (wanted: MigrationState) =>
    until(
      `it is ${wanted}`,
      async () => (await planMigrations.find(id))?.state === wanted,
      PATIENCE_MS,
      LOOK_EVERY_MS,
    )
  const steer = async (wanted: 'go_on' | 'roll_back') => {
    const commandId = randomUUID()
    const ask = () =>
      container.migrationWorkflows.steer({ migration, to: after, commandId }, wanted)
    let asked = await ask()
    while (asked.kind === 'unavailable') asked = await ask()
    if (asked.kind !== 'answered') throw new Error(`it did not ${wanted}: ${asked.kind}`)
  }
  const canary = await seconds(async () => {
    await container.migrationWorkflows.start(migration, after)
    await reaches('awaiting_approval')
  })
  report(`planned and canary of ${CANARY_PERCENT} % moved`, `${canary.toFixed(1)} s`)
  const kbBefore = await residentKb()
  const there = await seconds(async () => {
    await steer('go_on')
    for (const share of [1 / 3, 2 / 3]) {
      await until(
        'a third more is moved',
        async () => (await movedCount()) >= CUSTOMERS * share,
        PATIENCE_MS,
        LOOK_EVERY_MS,
      )
      await replaceWorker()
    }
    await reaches('done')
  })
  const moved = await movedCount()
  report('the others moved, the worker killed twice', `${there.toFixed(1)} s`)
  report('moved', `${moved} of ${CUSTOMERS}`)
  const kbAfter = await residentKb()
  report('resident memory of the worker', `${kbBefore} KB, then ${kbAfter} KB`)
  await reportHistories('after the moves')
  const back = await seconds(async () => {
    await steer('roll_back')
    await reaches('rolled_back')
  })
  const { states } = await planMigrations.report(id)
  report('rolled back', `${JSON.stringify(states)} in ${back.toFixed(1)} s`)
  await reportHistories('after the rollback')

  async function reportHistories(when: string) {
    const { longest, runs } = await historiesOf(id)
    report(`runs, and events of the longest history, ${when}`, `${runs}, ${longest}`)
  }
  async function historiesOf(migrationId: string) {
    const { client } = container.temporal
    const lengths: number[] = []
    const query = `WorkflowId = '${planMigrationWorkflowId(migrationId)}'`
    for await (const run of client.workflow.list({ query })) lengths.push(run.historyLength ?? 0)
    return { longest: Math.max(...lengths), runs: lengths.length }
  }
}
