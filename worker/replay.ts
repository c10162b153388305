import { Worker, type WorkerOptions } from '@temporalio/worker'
import type { Client } from '@temporalio/client'

/** What the present code would have decided otherwise in one run. */
export type Divergence = {
  readonly workflowId: string
  readonly runId: string
  readonly reason: string
}

export type ReplayOrder = {
  readonly client: Client
  readonly dataConverter: NonNullable<WorkerOptions['dataConverter']>
  readonly bundlePath: string
  /** Which runs, in the words of the Temporal UI's search. */
  readonly query: string
  /** So many of them at most, those that began last first. */
  readonly limit: number
  /** Told after each one, with how many there were. */
  readonly onReplayed?: (count: number) => void
}

/** Runs the present code over what runs of a cluster have done so far. Nothing is changed there: histories are read. */
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

/** An error of the SDK's goes on for many lines; the first one says what was decided otherwise. */
const reasonOf = ({ message }: Error): string => message.split('\n')[0] ?? ''
