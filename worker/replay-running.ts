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

type ReplayOptions = Pick<ReplayOrder, 'limit' | 'onReplayed'> & {
  /** Default: all running workflows of the task queue. */
  readonly query: string | undefined
}

/** Replays a cluster's workflows with the environment's settings; needs no database and no Stripe. */
export async function replayRunning(
  variables: NodeJS.ProcessEnv,
  { query: wanted, ...options }: ReplayOptions,
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
    // Only after Temporal has answered: the runtime ends with the last replay, and would keep the process alive without one.
    // The result lists divergences; the SDK's own log of them fills pages.
    Runtime.install({
      logger: new DefaultLogger('ERROR', () => {}),
      telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
    })
    const found = await replaySample({
      ...options,
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
