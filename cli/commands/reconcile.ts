import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Container } from '../../assembly/container.ts'
import type { DriftFinding } from '../../domain/stripe/drift.ts'
import { REPAIRS_MAX, type Scope } from '../../domain/stripe/reconciliation.ts'
import { answering, type Result, type Stage } from '../action.ts'
import { withProgress } from '../progress.ts'
import { wholeNumber } from '../whole-number.ts'

/** `/admin/drift` lists findings beyond this number. */
const SHOWN_MAX = 1_000
const PROGRESS_EVERY_MS = 1_000

type ReconcileOptions = {
  readonly dryRun?: boolean
  readonly repairsMax: number
  readonly import?: boolean
}

export function addReconcile(program: Command, stage: Stage): void {
  const add = (name: 'reconcile' | 'import', summary: string) =>
    program
      .command(name)
      .summary(summary)
      .description(
        `${summary[0]?.toUpperCase()}${summary.slice(1)}. The worker does it, and goes on without this command.`,
      )
      .option('--dry-run', 'only report')
      .option(
        '--repairs-max <number>',
        'what is mended at most; the rest is reported',
        wholeNumber('--repairs-max', 1_000),
        REPAIRS_MAX,
      )
      .addHelpText('after', `\nExample:\n  $ npx perennial ${name} --dry-run`)
  const run = (asked: ReconcileOptions, scope: Scope) =>
    withContainer(stage, (container) => reconcile(stage, container, { ...asked, scope }))

  add('reconcile', 'compare everything with Stripe, and mend what needs no person')
    .option('--import', 'only what is not known here: the command `import`')
    .action(
      answering(stage, (asked: ReconcileOptions, _command: Command) =>
        run(asked, asked.import === true ? 'import' : 'all'),
      ),
    )
  add('import', 'import what was made at Stripe and is not known here').action(
    answering(stage, (asked: ReconcileOptions, _command: Command) => run(asked, 'import')),
  )
}

async function withContainer(
  { terminal }: Stage,
  run: (container: Container) => Promise<Result>,
): Promise<Result> {
  const { commonEnvironment, containerConfig, parseEnvironment } =
    await import('../../assembly/environment.ts')
  const { createContainer } = await import('../../assembly/container.ts')
  const environment = parseEnvironment(commonEnvironment, terminal.env)
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
  const workflowId = await reconciliations.start({ cause: 'command', scope, dryRun, repairsMax })
  terminal.tell(`${workflowId} has begun; it needs a worker, and goes on without this command.\n`)
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
  const fate = dryRun ? 'a dry run: nothing was mended' : `${report.repaired} mended`
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
    await progress().then(say, () => say('no worker says how far it is'))
  return result
}

const fateOf = ({ state, remedy }: DriftFinding): string =>
  state === 'open' ? (remedy === 'operator' ? 'for a person' : remedy) : state

function lineOf(finding: DriftFinding): string {
  const { kind, stripeId, subscriptionId, detail } = finding
  return `${fateOf(finding).padEnd(12)} ${kind.padEnd(20)} ${stripeId ?? subscriptionId ?? ''}  ${detail}`
}
