import { DatabaseBusyError, isDatabaseUnavailable } from '../../failures/database.ts'

/** Observes the batches, for telemetry. */
export type BatchWatch = {
  /** Called when a request arrives. Its result is passed to `run` with the batch. */
  readonly arrived: () => Arrival
  /**
   * Runs the statement of a batch.
   * @param first the arrival of the batch's first request; undefined if that one was not watched.
   * @param size the number of requests in the batch.
   */
  readonly run: <T>(
    first: Arrival | undefined,
    size: number,
    statement: () => Promise<T>,
  ) => Promise<T>
}

/** A request that waits for its batch, as telemetry sees it. */
export type Arrival = {
  /** Milliseconds, as `performance.now()` counts them. */
  readonly at: number
  /** Runs a function in the trace of the request. */
  readonly alongside: <T>(run: () => T) => T
}

/** The statement of a batch, and the bounds of batches, connections and waiting requests. */
export type GroupCommitOptions<Request, Reply> = {
  /** Answers a whole batch by one statement, in the order of the batch. All of it is committed, or nothing. */
  readonly run: (batch: readonly Request[]) => Promise<readonly Reply[]>
  /** Whether a request may share a statement with the first one of the batch. */
  readonly mayJoin: (first: Request, next: Request) => boolean
  /** Connection slots: statements under way at the same time, each on its own connection. */
  readonly slotsMax: number
  /** Requests in one batch. */
  readonly batchMax: number
  /** Requests that wait for a connection slot. */
  readonly waitingMax: number
  readonly watch?: BatchWatch | undefined
}

/** A queue in front of a statement that answers many requests at once. */
export type GroupCommit<Request, Reply> = {
  /** @throws DatabaseBusyError at once if `waitingMax` requests wait already, or after `drain`. */
  readonly submit: (request: Request) => Promise<Reply>
  /** Refuses further requests, and resolves when every accepted one has its reply. Safe to call twice. */
  readonly drain: () => Promise<void>
}

type Waiting<Request, Reply> = {
  readonly request: Request
  readonly arrival: Arrival | undefined
  readonly resolve: (reply: Reply) => void
  readonly reject: (cause: unknown) => void
}

/**
 * Lets concurrent callers share statements: requests that arrive while all connection slots are busy wait, and go together
 * with the next batch. No request waits for a batch to fill, so a lone caller is as fast as without it, and batches grow
 * with the load.
 */
export function createGroupCommit<Request, Reply>(
  options: GroupCommitOptions<Request, Reply>,
): GroupCommit<Request, Reply> {
  const { slotsMax, waitingMax, watch } = options
  const waiting: Waiting<Request, Reply>[] = []
  const slots = new Set<Promise<void>>()
  let isDrained = false
  let isScheduled = false

  /** Starts a batch at the end of this turn of the event loop, so that all requests of the turn go together. */
  function schedule() {
    if (isScheduled || waiting.length === 0 || slots.size >= slotsMax) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      const batch = nextBatch(waiting, options)
      const slot = runWatched(batch, options).finally(() => {
        slots.delete(slot)
        schedule()
      })
      slots.add(slot)
      schedule()
    })
  }

  return {
    submit: (request) =>
      new Promise((resolve, reject) => {
        if (isDrained) return reject(new DatabaseBusyError('this process is shutting down'))
        if (waiting.length >= waitingMax)
          return reject(new DatabaseBusyError(`${waitingMax} requests wait already`))
        waiting.push({ request, arrival: watch?.arrived(), resolve, reject })
        return schedule()
      }),

    async drain() {
      isDrained = true
      while (waiting.length > 0 || slots.size > 0) {
        await new Promise((resolve) => setImmediate(resolve))
        await Promise.all(slots)
      }
    },
  }
}

/** Removes the next batch from the queue. */
function nextBatch<Request, Reply>(
  waiting: Waiting<Request, Reply>[],
  { batchMax, mayJoin }: GroupCommitOptions<Request, Reply>,
): Waiting<Request, Reply>[] {
  const [first] = waiting
  if (first === undefined) return []
  const end = waiting.findIndex(
    (each, index) => index === batchMax || !mayJoin(first.request, each.request),
  )
  return waiting.splice(0, end === -1 ? waiting.length : end)
}

const runWatched = <Request, Reply>(
  batch: readonly Waiting<Request, Reply>[],
  { run, watch }: GroupCommitOptions<Request, Reply>,
): Promise<void> =>
  watch === undefined
    ? settle(batch, run)
    : watch.run(batch[0]?.arrival, batch.length, () => settle(batch, run))

/**
 * Settles every request of a batch; never rejects. If the database is unavailable, all requests fail. Any other error
 * belongs to one request: the batch is halved until that request is alone, which takes at most twice as many statements
 * as there are requests.
 */
async function settle<Request, Reply>(
  batch: readonly Waiting<Request, Reply>[],
  run: GroupCommitOptions<Request, Reply>['run'],
): Promise<void> {
  try {
    const replies = await run(batch.map(({ request }) => request))
    if (replies.length !== batch.length)
      throw new Error(`${batch.length} requests got ${replies.length} replies`)
    replies.forEach((reply, index) => batch[index]?.resolve(reply))
  } catch (cause) {
    if (batch.length <= 1 || isDatabaseUnavailable(cause))
      return batch.forEach(({ reject }) => reject(cause))
    const middle = batch.length >> 1
    await settle(batch.slice(0, middle), run)
    await settle(batch.slice(middle), run)
  }
}
