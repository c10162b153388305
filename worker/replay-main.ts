import { parseArgs } from 'node:util'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { z } from 'zod'
import { commonEnvironment, parseEnvironment } from '../adapters/environment.ts'
import {
  problemsOfTemporal,
  temporalConfig,
  temporalEnvironment,
} from '../adapters/temporal-environment.ts'
import { createTemporalClient } from '../adapters/temporal/connection.ts'
import { bundleWorkflows } from './bundle.ts'
import { replaySample } from './replay.ts'

/** A minute of reading; more is a matter of patience, not of memory: one history is held at a time. */
const LIMIT_MAX = 100_000

const { values } = parseArgs({
  options: { query: { type: 'string' }, limit: { type: 'string', default: '200' } },
})
const limit = Number(values.limit)
if (!Number.isSafeInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
  console.error(`--limit takes a number up to ${LIMIT_MAX}, such as 200`)
  process.exit(1)
}

const { TEMPORAL_TASK_QUEUE, TEMPORAL_PAYLOAD_KEYS } = commonEnvironment.shape
const environment = parseEnvironment(
  z.object({
    ...temporalEnvironment,
    TEMPORAL_TASK_QUEUE,
    TEMPORAL_PAYLOAD_KEYS,
    WORKFLOW_BUNDLE: z.string().optional(),
  }),
  process.env,
  [problemsOfTemporal],
)
// What diverges is told below, a line for each.
Runtime.install({
  logger: new DefaultLogger('ERROR', () => {}),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
})
const taskQueue = environment.TEMPORAL_TASK_QUEUE
const query = values.query ?? `TaskQueue = "${taskQueue}" AND ExecutionStatus = "Running"`
const temporal = createTemporalClient({
  ...temporalConfig(environment),
  payloadKeys: environment.TEMPORAL_PAYLOAD_KEYS,
})
await temporal.ping()
const { replayed, divergences } = await replaySample({
  client: temporal.client,
  dataConverter: temporal.dataConverter,
  bundlePath: environment.WORKFLOW_BUNDLE ?? (await bundleWorkflows('plain')),
  query,
  limit,
})
await temporal.close()
for (const { workflowId, runId, reason } of divergences)
  console.log(`${workflowId} ${runId}\n  ${reason}`)
console.log(
  `${replayed} replayed, ${divergences.length} would be decided otherwise by this code: ${query}`,
)
if (replayed === 0) console.error('Nothing was found, so nothing is known: is the query right?')
process.exitCode = divergences.length > 0 || replayed === 0 ? 1 : 0
