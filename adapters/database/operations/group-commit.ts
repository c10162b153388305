import { DatabaseBusyError, isDatabaseUnavailable } from '../errors.ts'

/** Whoever wants to know of batches; nothing is done for it where nobody does. */
export type BatchWatch = {
  /** Called as a request comes; its answer is handed back with the batch. */
  readonly asked: () => WorkflowReply
  /** Runs the statement of a batch on behalf of these, who are so many. */
  readonly run: <T>(
    asked: readonly WorkflowReply[],
    size: number,
    statement: () => Promise<T>,
  ) => Promise<T>
}
type WorkflowReply = { readonly at: number; readonly alongside: <T>(run: () => T) => T }

export type GroupCommitOptions<Request, Answer> = {
  /** Answers a whole batch by one statement, in the batch's order; all of it is committed or none. */
  readonly run: (batch: readonly Request[]) => Promise<readonly Answer[]>
  /** Whether a request may share a statement with the batch's first. */
  readonly mayJoin: (first: Request, next: Request) => boolean
  /** Statements under way at once, each on a connection of its own. */
  readonly slotsMax: number
  readonly batchMax: number
  /** Requests that wait for a lane. */
  readonly waitingMax: number
  readonly watch?: BatchWatch | undefined
}

export type GroupCommit<Request, Answer> = {
  /** @throws DatabaseBusyError at once when too many wait already, or after `drain`. */
  readonly ask: (request: Request) => Promise<Answer>
  /** Lets nobody in any more and resolves when everybody who was in has an answer. Safe to call twice. */
  readonly drain: () => Promise<void>
}

type Waiting<Request, Answer> = {
  readonly request: Request
  readonly asked: WorkflowReply | undefined
  readonly answered: (answer: Answer) => void
  readonly failed: (cause: unknown) => void
}

/**
 * Concurrent callers share statements: who comes while all lanes are busy waits and goes with the next batch. Nobody
 * waits for a batch to fill, so a lone caller is as fast as without it, and batches grow with the load by themselves.
 */
export function createGroupCommit<Request, Answer>(
  options: GroupCommitOptions<Request, Answer>,
): GroupCommit<Request, Answer> {
  const { slotsMax, waitingMax, watch } = options
  const waiting: Waiting<Request, Answer>[] = []
  const slots = new Set<Promise<void>>()
  let isDrained = false
  let isScheduled = false

  /** At the end of this turn of the event loop, so that all requests that arrived in it go together. */
  function schedule() {
    if (isScheduled || waiting.length === 0 || slots.size >= slotsMax) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      const batch = takeBatch(waiting, options)
      const slot = watched(batch, options).finally(() => {
        slots.delete(slot)
        schedule()
      })
      slots.add(slot)
      schedule()
    })
  }

  return {
    ask: (request) =>
      new Promise((answered, failed) => {
        if (isDrained) return failed(new DatabaseBusyError('no statement is begun any more'))
        if (waiting.length >= waitingMax)
          return failed(new DatabaseBusyError(`${waitingMax} requests wait already`))
        waiting.push({ request, asked: watch?.asked(), answered, failed })
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

function takeBatch<Request, Answer>(
  waiting: Waiting<Request, Answer>[],
  { batchMax, mayJoin }: GroupCommitOptions<Request, Answer>,
): Waiting<Request, Answer>[] {
  const [first] = waiting
  if (first === undefined) return []
  const stop = waiting.findIndex(
    (each, index) => index === batchMax || !mayJoin(first.request, each.request),
  )
  return waiting.splice(0, stop === -1 ? waiting.length : stop)
}

const watched = <Request, Answer>(
  batch: readonly Waiting<Request, Answer>[],
  { run, watch }: GroupCommitOptions<Request, Answer>,
): Promise<void> =>
  watch === undefined
    ? settle(batch, run)
    : watch.run(
        batch.slice(0, 1).flatMap(({ asked }) => asked ?? []),
        batch.length,
        () => settle(batch, run),
      )

/**
 * Answers everybody in a batch; never rejects. Where the database is away, all learn that. Any other error is one
 * request's, and the rest must not suffer from it: the batch is halved until that request is alone, which takes at
 * most twice as many statements as there are requests.
 */
async function settle<Request, Answer>(
  batch: readonly Waiting<Request, Answer>[],
  run: GroupCommitOptions<Request, Answer>['run'],
): Promise<void> {
  try {
    const answers = await run(batch.map(({ request }) => request))
    if (answers.length !== batch.length)
      throw new Error(`${batch.length} requests got ${answers.length} answers`)
    answers.forEach((answer, index) => batch[index]?.answered(answer))
  } catch (cause) {
    if (batch.length <= 1 || isDatabaseUnavailable(cause))
      return batch.forEach(({ failed }) => failed(cause))
    const middle = batch.length >> 1
    await settle(batch.slice(0, middle), run)
    await settle(batch.slice(middle), run)
  }
}
