import { parseArgs } from 'node:util'
import { createContainer, REPAIRS_MAX } from '../adapters/container.ts'
import { commonEnvironment, containerConfig, parseEnvironment } from '../adapters/environment.ts'
import type { DriftFinding } from '../domain/drift.ts'

/** More findings than this are read at `/admin/drift`. */
const SHOWN_MAX = 1_000

const { values } = parseArgs({
  options: {
    'dry-run': { type: 'boolean', default: false },
    import: { type: 'boolean', default: false },
    'repairs-max': { type: 'string', default: String(REPAIRS_MAX) },
  },
})
const repairsMax = Number(values['repairs-max'])
if (!Number.isSafeInteger(repairsMax) || repairsMax < 0) {
  console.error('--repairs-max takes a number, such as 1000')
  process.exit(1)
}
const environment = parseEnvironment(commonEnvironment, process.env)
const container = createContainer(containerConfig('reconcile', environment))
const dryRun = values['dry-run']

const workflowId = await container.reconciliations.start({
  cause: 'command',
  scope: values.import ? 'import' : 'all',
  dryRun,
  repairsMax,
})
console.log(`${workflowId} has begun; it needs a worker, and goes on without this command.`)
const report = await container.reconciliations.result(workflowId)
const run = await container.repositories.reconciliations.find(report.runId)
const page = { limit: SHOWN_MAX }
const seen = (await container.repositories.drift.list({}, page)).filter(
  ({ seenAt }) => run !== undefined && seenAt >= run.startedAt,
)
for (const finding of seen) console.log(lineOf(finding))
console.log(
  `${report.listed} listed at Stripe, ${report.found} differ, ${
    dryRun ? 'a dry run: nothing was mended' : `${report.repaired} mended`
  }.`,
)
await container.close()

function lineOf({ state, remedy, kind, stripeId, subscriptionId, detail }: DriftFinding): string {
  const fate = state === 'open' ? (remedy === 'operator' ? 'for a person' : remedy) : state
  return `${fate.padEnd(12)} ${kind.padEnd(20)} ${stripeId ?? subscriptionId ?? ''}  ${detail}`
}
