import type { UsageRepository } from '../../../domain/usage/repository.ts'
import type { ConsumeOutcome, ConsumeRequest } from '../../../domain/usage/usage.ts'
import { createGroupCommit, type BatchWatch } from './group-commit.ts'

/**
 * Statements of one process at once. With 128 callers on two cores a second lane cut p99 from 32–99 to 23–64 ms: one
 * waits for a row or reads its answers while the other works. A third and fourth changed nothing beyond the noise.
 */
const SLOTS_MAX = 2
/** Requests in one statement: enough to spread its fixed cost thin, few enough that it takes milliseconds. */
const BATCH_MAX = 250
/** Requests that wait: about a second's work. Who comes later would only wait for an answer that nobody reads. */
const WAITING_MAX = 10_000
/** A batch is decided at the instant of its latest request; a clock that is further apart gets a batch of its own. */
const SPREAD_MAX_MS = 1_000

type Timed = { readonly request: ConsumeRequest; readonly at: Date }

/** The usage repository with a queue before it: single requests of concurrent callers share statements. */
export function batchUsage(
  usage: UsageRepository,
  watch?: BatchWatch,
): UsageRepository & { readonly drain: () => Promise<void> } {
  const { ask, drain } = createGroupCommit<Timed, ConsumeOutcome>({
    slotsMax: SLOTS_MAX,
    batchMax: BATCH_MAX,
    waitingMax: WAITING_MAX,
    watch,
    mayJoin: (first, next) => Math.abs(first.at.getTime() - next.at.getTime()) <= SPREAD_MAX_MS,
    run: (batch) =>
      usage.consume(
        batch.map(({ request }) => request),
        new Date(Math.max(...batch.map(({ at }) => at.getTime()))),
      ),
  })
  return {
    ...usage,
    async consume(requests, at) {
      const [request] = requests
      // A list is a batch already.
      if (request === undefined || requests.length > 1) return usage.consume(requests, at)
      return [await ask({ request, at })]
    },
    drain,
  }
}
