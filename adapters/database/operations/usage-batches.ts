import type { UsageRepository } from '../../../domain/usage/repository.ts'
import { createGroupCommit, type BatchWatch } from './group-commit.ts'

/**
 * Connection slots of one process. With 128 callers on two cores a second slot reduced p99 from 32–99 to 23–64 ms: one
 * statement waits for a row lock while the other works. A third and a fourth made no measurable difference.
 */
const SLOTS_MAX = 2
/** Requests in one statement: enough to share its fixed cost, few enough that it takes milliseconds. */
const BATCH_MAX = 250
/** Requests that wait: about a second of work. A later caller would time out before its reply. */
const WAITING_MAX = 10_000
/** A batch is decided at the instant of its latest request, so requests further apart than this do not share one. */
const SPREAD_MAX_MS = 1_000

type Timed<Request> = { readonly request: Request; readonly at: Date }

/** The usage repository with group commit: single requests of concurrent callers share statements, and so do questions. */
export function batchUsage(
  usage: UsageRepository,
  watch?: BatchWatch,
): UsageRepository & { readonly drain: () => Promise<void> } {
  const consume = inBatches(usage.consume, watch)
  const check = inBatches(usage.check)
  return {
    ...usage,
    consume: consume.submit,
    check: check.submit,
    drain: async () => {
      await Promise.all([consume.drain(), check.drain()])
    },
  }
}

type Decide<Request, Outcome> = (requests: readonly Request[], at: Date) => Promise<Outcome[]>

function inBatches<Request, Outcome>(decide: Decide<Request, Outcome>, watch?: BatchWatch) {
  const { submit, drain } = createGroupCommit<Timed<Request>, Outcome>({
    slotsMax: SLOTS_MAX,
    batchMax: BATCH_MAX,
    waitingMax: WAITING_MAX,
    watch,
    mayJoin: (first, next) => Math.abs(first.at.getTime() - next.at.getTime()) <= SPREAD_MAX_MS,
    run: (batch) =>
      decide(
        batch.map(({ request }) => request),
        new Date(Math.max(...batch.map(({ at }) => at.getTime()))),
      ),
  })
  const submitOne: Decide<Request, Outcome> = async (requests, at) => {
    const [request] = requests
    // A list is a batch already.
    if (request === undefined || requests.length > 1) return decide(requests, at)
    return [await submit({ request, at })]
  }
  return { submit: submitOne, drain }
}
