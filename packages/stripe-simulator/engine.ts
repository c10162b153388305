import type { Clock } from './clock.ts'
import { dependants, happen, nextDue, testClockOf } from './billing/agenda.ts'
import type { Settings } from './settings.ts'
import { createDueQueue } from './store/due.ts'
import { createStore, type Cause, type Kept, type Step, type Store } from './store/store.ts'
import type { TableName } from './store/tables.ts'

/** After this many due changes, the event loop runs other work. */
const DUE_BATCH = 200

/** The store, advanced by a clock: due changes run before any other operation. */
export type Engine = {
  readonly store: Store
  readonly now: () => number
  /** Runs one request or page action, at the current instant of its clock. */
  readonly act: <Result>(
    cause: Cause,
    work: (step: Step) => Kept<Result>,
    testClock?: string | null,
  ) => Result
  /** Internal bookkeeping of the simulator. It advances no simulated time. */
  readonly note: (work: (step: Step) => void) => void
  readonly settle: () => Promise<void>
  /** The instant, in seconds, of the next automatic change. */
  readonly nextDueAt: () => number | undefined
  readonly close: () => void
}

/** The cause of changes without a request of the API: automatic ones, and those on pages. */
export const BY_ITSELF: Cause = { id: null, idempotency_key: null }

type Options = {
  readonly clock: Clock
  readonly settings: Settings
  readonly journalPath?: string | undefined
  readonly onDelivery: (id: string) => void
}

type Moment = { readonly now: number; readonly cause: Cause; readonly testClock: string | null }

/** Opens the store, with the changes of an earlier run, and queues everything that is due. It starts no timer. */
export function createEngine({ clock, settings, journalPath, onDelivery }: Options): Engine {
  const queues = new Map<string | null, ReturnType<typeof createDueQueue>>()
  const queued = new Map<string, number>()
  const changed: (readonly [TableName, string])[] = []
  const store = createStore({
    journalPath,
    onWrite(table, id) {
      if (table === 'deliveries') onDelivery(id)
      else changed.push([table, id])
    },
  })
  const now = () => Math.floor(clock.now().getTime() / 1000)
  /** How far time has advanced: on the simulator's clock, or on a test clock. */
  const timeOf = (testClock: string | null) =>
    testClock === null ? now() : (store.find('testClocks', testClock)?.frozen_time ?? now())

  function queueOf(testClock: string | null) {
    const held = queues.get(testClock) ?? createDueQueue()
    queues.set(testClock, held)
    return held
  }

  function enqueueChanged(): void {
    const rows = changed.splice(0)
    const also = rows.flatMap(([table, id]) => dependants(store, table, id))
    for (const [table, id] of [...rows, ...also]) {
      const at = nextDue(store, table, id)
      const name = `${table} ${id}`
      if (at === undefined || queued.get(name) === at) continue
      queued.set(name, at)
      queueOf(testClockOf(store, table, id)).push({ at, table, id })
    }
  }

  function run<Result>({ now: at, cause, testClock }: Moment, work: (step: Step) => Kept<Result>) {
    try {
      return store.run({ now: at, request: cause, settings, testClock }, work)
    } finally {
      enqueueChanged()
    }
  }

  /** Executes the earliest due change, at its own instant rather than the current one. */
  function doNext(testClock: string | null): boolean {
    const queue = queueOf(testClock)
    const due = queue.peek()
    if (due === undefined || due.at > timeOf(testClock)) return false
    queue.pop()
    const name = `${due.table} ${due.id}`
    if (queued.get(name) === due.at) queued.delete(name)
    if (nextDue(store, due.table, due.id) !== due.at) return true
    // Rescheduled even if the row did not change: a reminder is stored beside its subscription.
    changed.push([due.table, due.id])
    run({ now: due.at, cause: BY_ITSELF, testClock }, (step) => {
      happen(step, due.table, due.id)
      return { result: undefined, keep: true }
    })
    return true
  }

  function catchUp(testClock: string | null): void {
    while (doNext(testClock));
  }

  async function settle(): Promise<void> {
    for (let done = 1; doNext(null); done += 1) {
      if (done % DUE_BATCH === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  enqueueChanged()
  return {
    store,
    now,
    act(cause, work, testClock = null) {
      catchUp(null)
      const result = run({ now: timeOf(testClock), cause, testClock }, work)
      // The call may have advanced the clock.
      for (const own of queues.keys()) if (own !== null) catchUp(own)
      return result
    },
    note(work) {
      run({ now: now(), cause: BY_ITSELF, testClock: null }, (step) => ({
        result: work(step),
        keep: true,
      }))
    },
    settle,
    nextDueAt: () => queueOf(null).peek()?.at,
    close: store.close,
  }
}
