import { Worker, type WorkerOptions } from '@temporalio/worker'
import type { Client } from '@temporalio/client'

/** A run in which the current code decides differently than its history. */
export type Divergence = {
  readonly workflowId: string
  readonly runId: string
  readonly reason: string
}

/** The runs to replay, and the build to replay them with. */
export type ReplayOrder = {
  readonly client: Client
  readonly dataConverter: NonNullable<WorkerOptions['dataConverter']>
  readonly bundlePath: string
  /** The runs to replay, in the Temporal UI's query syntax. */
  readonly query: string
  /** The maximum number of runs, the most recently started first. */
  readonly limit: number
  /** Called after each run, with the number of runs so far. */
  readonly onReplayed?: (count: number) => void
}

/** Replays a cluster's runs with the current code. It only reads histories and changes nothing there. */
export async function replaySample(order: ReplayOrder) {
  const divergences: Divergence[] = []
  let replayed = 0
  const results = Worker.runReplayHistories(
    { workflowBundle: { codePath: order.bundlePath }, dataConverter: order.dataConverter },
    historiesOf(order),
  )
  for await (const { workflowId, runId, error } of results) {
    replayed += 1
    order.onReplayed?.(replayed)
    if (error !== undefined) divergences.push({ workflowId, runId, reason: reasonOf(error) })
  }
  return { replayed, divergences }
}

async function* historiesOf({ client, query, limit }: ReplayOrder) {
  let left = limit
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    if (left-- === 0) return
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    yield { workflowId, history }
  }
}

/** The SDK's errors have many lines; the first one names the divergence. */
const reasonOf = ({ message }: Error): string => message.split('\n')[0] ?? ''
