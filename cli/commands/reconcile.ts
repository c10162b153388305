import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Container } from '../../assembly/container.ts'
import type { DriftFinding } from '../../domain/stripe/drift.ts'
import { REPAIRS_MAX, type Scope } from '../../domain/stripe/reconciliation.ts'
import type { Reconciliations } from '../../adapters/temporal/reconciliation.ts'
import { answering, type Result, type Stage } from '../action.ts'
import { RefusedError } from '../exit.ts'
import { onStack } from '../on-stack.ts'
import { withProgress } from '../progress.ts'
import { wholeNumber } from '../whole-number.ts'

/** `/admin/drift` lists findings beyond this number. */
const SHOWN_MAX = 1_000
const PROGRESS_EVERY_MS = 1_000
/** More than any deployment has differences: a recovery is asked for, so it has no limit. */
const ALL_REPAIRS = Number.MAX_SAFE_INTEGER

type ReconcileOptions = {
  readonly dryRun?: boolean
  readonly repairsMax: number
  readonly import?: boolean
}

/** Adds `reconcile` and `import`, which start a comparison with Stripe in the worker and wait for its result. */
export function addReconcile(program: Command, stage: Stage): void {
  const add = (name: 'reconcile' | 'import', summary: string) =>
    program
      .command(name)
      .summary(summary)
      .description(
        `${summary[0]?.toUpperCase()}${summary.slice(1)}. The worker runs it, also after this command has ended.`,
      )
      .option('--dry-run', 'only report')
      .option(
        '--repairs-max <number>',
        'the most differences to repair; the rest are reported',
        wholeNumber('--repairs-max', 1_000),
        REPAIRS_MAX,
      )
      .addHelpText('after', `\nExample:\n  $ npx perennial ${name} --dry-run`)
  const run = (options: ReconcileOptions, scope: Scope) =>
    withContainer(stage, (container) => reconcile(stage, container, { ...options, scope }))

  add('reconcile', 'compare everything with Stripe, and repair what needs no operator')
    .option('--import', 'only import objects that are unknown here: the command `import`')
    .action(
      answering(stage, (options: ReconcileOptions, _command: Command) =>
        run(options, options.import === true ? 'import' : 'all'),
      ),
    )
  add('import', 'import subscriptions that were created at Stripe').action(
    answering(stage, (options: ReconcileOptions, _command: Command) => run(options, 'import')),
  )
}

/** Adds `recover`, which is for after a restore of Postgres or Temporal. */
export function addRecover(program: Command, stage: Stage): void {
  program
    .command('recover')
    .summary('bring Postgres, Temporal and Stripe together after a restore')
    .description(
      'After a restore of Postgres or Temporal: restores the subscriptions that Stripe knows to be sold here, mirrors all invoices, begins lost workflows, and has each workflow read its row and Stripe again. It lists what only you can decide. Run it until it finds nothing. The worker runs it, also after this command has ended.',
    )
    .option('--dry-run', 'only report')
    .addHelpText('after', '\nExample:\n  $ npx perennial recover --dry-run')
    .action(
      answering(stage, (options: { readonly dryRun?: boolean }, _command: Command) =>
        withContainer(stage, (container) =>
          reconcile(stage, container, { ...options, repairsMax: ALL_REPAIRS, scope: 'recover' }),
        ),
      ),
    )
}

async function withContainer(
  stage: Stage,
  run: (container: Container) => Promise<Result>,
): Promise<Result> {
  const { commonEnvironment, containerConfig, parseEnvironment } =
    await import('../../assembly/environment.ts')
  const { createContainer } = await import('../../assembly/container.ts')
  const { env } = await onStack(stage.terminal)
  const environment = parseEnvironment(commonEnvironment, env)
  const container = createContainer(containerConfig('reconcile', environment))
  try {
    return await run(container)
  } finally {
    await container.close()
  }
}

async function reconcile(
  { terminal }: Stage,
  container: Container,
  { dryRun = false, repairsMax, scope }: ReconcileOptions & { readonly scope: Scope },
): Promise<Result> {
  const { reconciliations, repositories } = container
  const workflowId = await start(reconciliations, { cause: 'command', scope, dryRun, repairsMax })
  terminal.log(
    `${workflowId} has started. It needs a worker, and continues if this command ends.\n`,
  )
  const report = await withProgress(terminal, 'Comparing with Stripe', (_, say) =>
    whileSaying(
      reconciliations.result(workflowId),
      () => reconciliations.progress(workflowId),
      say,
    ),
  )
  const began = await repositories.reconciliations.find(report.runId)
  const listed = await repositories.drift.list({}, { limit: SHOWN_MAX })
  const seen = listed.filter(({ seenAt }) => began !== undefined && seenAt >= began.startedAt)
  const fate = dryRun ? 'a dry run: nothing was repaired' : `${report.repaired} repaired`
  return {
    lines: [
      ...seen.map(lineOf),
      `${report.listed} listed at Stripe, ${report.found} differ, ${fate}.`,
    ],
    json: {
      workflow_id: workflowId,
      dry_run: dryRun,
      listed: report.listed,
      found: report.found,
      repaired: report.repaired,
      findings: seen.map((finding) => ({
        fate: fateOf(finding),
        kind: finding.kind,
        stripe_id: finding.stripeId,
        subscription_id: finding.subscriptionId,
        detail: finding.detail,
      })),
    },
  }
}

/** @throws RefusedError if it would be a second recovery at a time */
async function start(
  reconciliations: Reconciliations,
  { scope, ...input }: Parameters<Reconciliations['start']>[0],
): Promise<string> {
  if (scope !== 'recover') return reconciliations.start({ scope, ...input })
  const { kind, workflowId } = await reconciliations.recover({ scope, ...input })
  if (kind === 'started') return workflowId
  throw new RefusedError(
    `A recovery is running already: ${workflowId}. Wait until it ends, or terminate it in the Temporal UI, and run this again.`,
  )
}

/** Reports progress at intervals until `result` settles. If no progress is available yet, it retries. */
async function whileSaying<T>(
  result: Promise<T>,
  progress: () => Promise<string>,
  say: (detail: string) => void,
): Promise<T> {
  const ended = result.then(
    () => true,
    () => true,
  )
  while (!(await Promise.race([ended, wait(PROGRESS_EVERY_MS, false)])))
    await progress().then(say, () => say('no worker reports progress'))
  return result
}

const fateOf = ({ state, remedy }: DriftFinding): string =>
  state === 'open' ? (remedy === 'operator' ? 'for an operator' : remedy) : state

function lineOf(finding: DriftFinding): string {
  const { kind, stripeId, subscriptionId, detail } = finding
  return `${fateOf(finding).padEnd(12)} ${kind.padEnd(20)} ${stripeId ?? subscriptionId ?? ''}  ${detail}`
}
