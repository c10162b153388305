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
import type { Clock } from '../../domain/clock.ts'

const { FastForwardPollingResult } = proto.temporal.api.enums.v1

/** The most timers that may fire in one fast-forward. More means a loop that never ends. */
const SKIPS_MAX = 1_000
/** The server holds a poll for a few seconds. A workflow that has not arrived after this many polls is stuck. */
const POLLS_MAX = 10

/**
 * Moves one workflow's time forward to `target`. Each timer on the way fires at its own time, and activities run to their end.
 * Nothing happens to a workflow that has ended or is already past `target`. Needs a server that allows time skipping.
 *
 * @throws when the workflow does not become idle, or does not arrive
 */
export async function fastForward(client: Client, workflowId: string, target: Date): Promise<void> {
  const idle = await untilIdle(client, workflowId)
  if (idle === undefined || idle.now >= target) return
  const { runId, now } = idle
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
    // The run has just ended, and the next run has started.
    if (isGrpcServiceError(error) && error.code === status.NOT_FOUND)
      return fastForward(client, workflowId, target)
    throw error
  }
  await untilArrived(client, workflowId, id)
}

/** A clock that is less than this ahead of the system's was not moved. */
const MOVED_MIN_MS = 1_000

/** The parts with which workflows are started and reached. */
export type WorkflowParts = {
  /** Waits without a limit, because moving time may take a while. */
  readonly client: Client
  readonly promptClient: Client
  readonly taskQueue: string
  /** The service's clock where its time can be moved. Undefined where it is always the system's. */
  readonly travellingClock?: Clock | undefined
}

/**
 * Starts a workflow at the service's time, if that time was moved. A workflow that exists already is left alone.
 *
 * @returns whether time was moved; otherwise the caller starts the workflow
 */
export async function startIfTimeMoved(
  { client, travellingClock }: Pick<WorkflowParts, 'client' | 'travellingClock'>,
  workflowType: string,
  options: WorkflowStartOptions,
): Promise<boolean> {
  const target = travellingClock?.now()
  if (target === undefined || target.getTime() - Date.now() <= MOVED_MIN_MS) return false
  await startInTheFuture(client, workflowType, { ...options, target })
  return true
}

/** Starts the workflow with a delay, and skips the delay. So its time is `target` from its first task on. */
async function startInTheFuture(
  client: Client,
  workflowType: string,
  options: WorkflowStartOptions & { readonly target: Date },
): Promise<void> {
  const { target, ...start } = options
  const id = randomUUID()
  const delayMs = target.getTime() - Date.now()
  const workflowClient = new TimeSkippingWorkflowClient(
    { ...client.workflow.options, connection: client.connection },
    { enabled: true, fastForwardConfig: { id, duration: msToTs(delayMs) } },
  )
  try {
    await workflowClient.start(workflowType, {
      ...start,
      startDelay: delayMs,
      workflowIdConflictPolicy: 'FAIL',
    })
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return
    throw error
  }
  await untilArrived(client, options.workflowId, id)
}

/** The SDK has no option for time skipping yet, so this class adds it to the request. */
class TimeSkippingWorkflowClient extends WorkflowClient {
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

/** @throws when the workflow does not arrive */
async function untilArrived(client: Client, workflowId: string, id: string): Promise<void> {
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
      if ((await untilIdle(client, workflowId)) === undefined) return
      throw new Error(`${workflowId} did not arrive: ${failedReason}`)
    }
  }
  throw new Error(`${workflowId} is stuck while its time is moved`)
}

/** An activity takes some milliseconds. If one is retried for longer than this, the workflow's time is not moved. */
const IDLE_WAIT_MAX_MS = 15_000
const IDLE_POLL_MS = 10
/** The history length after the start and one completed task. */
const FIRST_TASK_EVENTS = 4

type Idle = { readonly runId: string; readonly now: Date }

/**
 * Waits until the workflow itself only waits. The server (1.32) skips too far in a run that has not completed its first task, so
 * time is moved only in an idle run.
 *
 * @returns the workflow's own time; undefined when it has ended
 */
async function untilIdle(client: Client, workflowId: string): Promise<Idle | undefined> {
  const deadline = Date.now() + IDLE_WAIT_MAX_MS
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
      // Without a skip, a workflow has the system's time.
      return { runId, now: time ? new Date(tsToMs(time)) : new Date() }
    }
    if (Date.now() > deadline) throw new Error(`${workflowId} does not become idle`)
    await wait(IDLE_POLL_MS)
  }
}
