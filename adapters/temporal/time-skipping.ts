import { randomUUID } from 'node:crypto'
import {
  WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowClientOptions,
  type WorkflowStartInput,
  type WorkflowStartOptions,
} from '@temporalio/client'
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js'
import proto, { type temporal } from '@temporalio/proto'

const { FastForwardPollingResult } = proto.temporal.api.enums.v1

/** A workflow passes through this many due timers at most in one go: more is a loop that retries for ever. */
const SKIPS_MAX = 1_000
/** The server answers a poll after some seconds at the latest; a workflow that is not there by then is stuck. */
const POLLS_MAX = 10

/**
 * Carries one workflow to `target`: each timer on the way fires at its own instant, and activities are waited for.
 * A workflow that is there already, or over, is left alone. Needs a server that allows time skipping.
 *
 * @throws when the workflow does not arrive.
 */
export async function fastForward(client: Client, workflowId: string, target: Date): Promise<void> {
  const execution = { namespace: client.options.namespace, workflowExecution: { workflowId } }
  const service = client.workflowService
  const now = await virtualNow(client, workflowId)
  if (now === undefined || now >= target) return
  const id = randomUUID()
  await service.updateWorkflowExecutionOptions({
    ...execution,
    workflowExecutionOptions: {
      timeSkippingConfig: {
        enabled: true,
        maxSessionSkipCount: SKIPS_MAX,
        fastForwardConfig: { id, duration: msToTs(target.getTime() - now.getTime()) },
      },
    },
    updateMask: { paths: ['time_skipping_config'] },
  })
  await arrival(client, workflowId, id)
}

/**
 * Starts a workflow whose own present is `target` from its first task on. One that exists already is left alone.
 * The way there is a delayed start that is skipped: nothing runs before the workflow has arrived.
 */
export async function startInTheFuture(
  client: Client,
  workflowType: string,
  options: WorkflowStartOptions & { readonly target: Date },
): Promise<void> {
  const { target, ...start } = options
  const id = randomUUID()
  const delayMs = target.getTime() - Date.now()
  const travelling = new TravellingWorkflowClient(
    { ...client.workflow.options, connection: client.connection },
    { enabled: true, fastForwardConfig: { id, duration: msToTs(delayMs) } },
  )
  try {
    await travelling.start(workflowType, {
      ...start,
      startDelay: delayMs,
      workflowIdConflictPolicy: 'FAIL',
    })
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return
    throw error
  }
  await arrival(client, options.workflowId, id)
}

/** The SDK has no option for time skipping yet, so the request is completed on its way out. */
class TravellingWorkflowClient extends WorkflowClient {
  readonly #config: temporal.api.common.v1.ITimeSkippingConfig

  constructor(options: WorkflowClientOptions, config: temporal.api.common.v1.ITimeSkippingConfig) {
    super(options)
    this.#config = config
  }

  protected override async createStartWorkflowRequest(input: WorkflowStartInput) {
    const request = await super.createStartWorkflowRequest(input)
    return { ...request, timeSkippingConfig: this.#config }
  }
}

/** @throws when the workflow does not arrive. */
async function arrival(client: Client, workflowId: string, id: string): Promise<void> {
  const execution = { namespace: client.options.namespace, workflowExecution: { workflowId } }
  for (let poll = 1; poll <= POLLS_MAX; poll++) {
    const { fastForwardPollingResult: result, failedReason } =
      await client.workflowService.pollWorkflowExecutionTimeSkipping({
        ...execution,
        fastForwardId: id,
      })
    if (result === FastForwardPollingResult.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED)
      return
    if (result !== FastForwardPollingResult.FAST_FORWARD_POLLING_RESULT_POLL_TIMEOUT) {
      if ((await virtualNow(client, workflowId)) === undefined) return
      throw new Error(`${workflowId} did not arrive: ${failedReason}`)
    }
  }
  throw new Error(`${workflowId} is stuck on its way to the future`)
}

/** The workflow's own present; undefined when it is over or never was. */
async function virtualNow(client: Client, workflowId: string): Promise<Date | undefined> {
  const described = await client.workflow.getHandle(workflowId).describe()
  if (described.status.name !== 'RUNNING') return undefined
  const time = described.raw.workflowExtendedInfo?.timeSkippingInfo?.currentTime
  // A workflow that never skipped has the time of the wall.
  return time ? new Date(tsToMs(time)) : new Date()
}
