import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import {
  isGrpcServiceError,
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
 * @throws when the workflow does not come to rest before, or does not arrive.
 */
export async function fastForward(client: Client, workflowId: string, target: Date): Promise<void> {
  const rest = await atRest(client, workflowId)
  if (rest === undefined || rest.now >= target) return
  const { runId, now } = rest
  const id = randomUUID()
  try {
    await client.workflowService.updateWorkflowExecutionOptions({
      namespace: client.options.namespace,
      workflowExecution: { workflowId, runId },
      workflowExecutionOptions: {
        timeSkippingConfig: {
          enabled: true,
          maxSessionSkipCount: SKIPS_MAX,
          fastForwardConfig: { id, duration: msToTs(target.getTime() - now.getTime()) },
        },
      },
      updateMask: { paths: ['time_skipping_config'] },
    })
  } catch (error) {
    // The run ended in this moment, and another one follows it.
    if (isGrpcServiceError(error) && error.code === status.NOT_FOUND)
      return fastForward(client, workflowId, target)
    throw error
  }
  await arrival(client, workflowId, id)
}

/** A clock that is ahead by less than this was not moved. */
const TRAVEL_MIN_MS = 1_000

export const isTravelled = (now: Date): boolean => now.getTime() - Date.now() > TRAVEL_MIN_MS

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
      if ((await atRest(client, workflowId)) === undefined) return
      throw new Error(`${workflowId} did not arrive: ${failedReason}`)
    }
  }
  throw new Error(`${workflowId} is stuck on its way to the future`)
}

/** A step takes some milliseconds; one that is retried for longer than this keeps its workflow where it is. */
const REST_WAIT_MAX_MS = 15_000
const REST_POLL_MS = 10
/** Started, and one task done. */
const FIRST_TASK_EVENTS = 4

type Rest = { readonly runId: string; readonly now: Date }

/**
 * Waits until the workflow waits itself, and answers its own present; undefined when it is over. The server (1.32)
 * skips too far in a run that has not done its first task yet, so a run must not be hurried while it changes.
 */
async function atRest(client: Client, workflowId: string): Promise<Rest | undefined> {
  const deadline = Date.now() + REST_WAIT_MAX_MS
  for (;;) {
    const {
      status: state,
      runId,
      historyLength,
      raw,
    } = await client.workflow.getHandle(workflowId).describe()
    if (state.name !== 'RUNNING') return undefined
    const isBusy = raw.pendingWorkflowTask || (raw.pendingActivities ?? []).length > 0
    if (!isBusy && historyLength >= FIRST_TASK_EVENTS) {
      const time = raw.workflowExtendedInfo?.timeSkippingInfo?.currentTime
      // A workflow that never skipped has the time of the wall.
      return { runId, now: time ? new Date(tsToMs(time)) : new Date() }
    }
    if (Date.now() > deadline) throw new Error(`${workflowId} does not come to rest`)
    await wait(REST_POLL_MS)
  }
}
