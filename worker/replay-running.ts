import { DefaultLogger, Runtime } from '@temporalio/worker'
import { z } from 'zod'
import { commonEnvironment, parseEnvironment } from '../assembly/environment.ts'
import {
  problemsOfTemporal,
  temporalConfig,
  temporalEnvironment,
} from '../assembly/temporal-environment.ts'
import { createTemporalClient } from '../adapters/temporal/connection.ts'
import { bundleWorkflows } from './bundle.ts'
import { replaySample, type ReplayOrder } from './replay.ts'

type WorkflowReply = Pick<ReplayOrder, 'limit' | 'onReplayed'> & {
  /** Without it all that runs on the task queue. */
  readonly query: string | undefined
}

/** Replays what a cluster runs, with what the environment says of it; no database and no Stripe is asked. */
export async function replayRunning(
  variables: NodeJS.ProcessEnv,
  { query: wanted, ...asked }: WorkflowReply,
) {
  const { TEMPORAL_TASK_QUEUE, TEMPORAL_PAYLOAD_KEYS } = commonEnvironment.shape
  const environment = parseEnvironment(
    z.object({
      ...temporalEnvironment,
      TEMPORAL_TASK_QUEUE,
      TEMPORAL_PAYLOAD_KEYS,
      WORKFLOW_BUNDLE: z.string().optional(),
    }),
    variables,
    [problemsOfTemporal],
  )
  const query =
    wanted ?? `TaskQueue = "${environment.TEMPORAL_TASK_QUEUE}" AND ExecutionStatus = "Running"`
  const entrance = temporalConfig(environment)
  const temporal = createTemporalClient({
    ...entrance,
    payloadKeys: environment.TEMPORAL_PAYLOAD_KEYS,
  })
  try {
    await temporal.ping().catch((cause: unknown) => {
      const words = `Temporal does not answer at ${entrance.address}: is TEMPORAL_ADDRESS right?`
      throw new Error(words, { cause })
    })
    // Once somebody answers: it ends with the last replay, and would keep the process without one.
    // What diverges is answered; the SDK's own words for it go on for pages.
    Runtime.install({
      logger: new DefaultLogger('ERROR', () => {}),
      telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
    })
    const found = await replaySample({
      ...asked,
      client: temporal.client,
      dataConverter: temporal.dataConverter,
      bundlePath: environment.WORKFLOW_BUNDLE ?? (await bundleWorkflows('plain')),
      query,
    })
    return { query, ...found }
  } finally {
    await temporal.close()
  }
}
