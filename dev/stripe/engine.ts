import type { Clock } from '../../domain/clock.ts'
import { dependants, happen, nextDue } from './billing/agenda.ts'
import type { Settings } from './settings.ts'
import { createDueQueue } from './store/due.ts'
import { createStore, type Cause, type Kept, type Step, type Store } from './store/store.ts'
import type { TableName } from './store/tables.ts'

/** So many due things are done before other work of the process gets a turn. */
const DUE_BATCH = 200

/** The store, moved along by a clock: whatever is due happens before anything else does. */
export type Engine = {
  readonly store: Store
  readonly now: () => number
  /** One request or press of a button, at the present instant. */
  readonly act: <Result>(cause: Cause, work: (step: Step) => Kept<Result>) => Result
  /** Book-keeping of the simulator itself, which no simulated time passes for. */
  readonly note: (work: (step: Step) => void) => void
  readonly settle: () => Promise<void>
  /** The instant, in seconds, at which something next happens by itself. */
  readonly nextDueAt: () => number | undefined
  readonly close: () => void
}

export const BY_ITSELF: Cause = { id: null, idempotency_key: null }

type Options = {
  readonly clock: Clock
  readonly settings: Settings
  readonly journalPath?: string | undefined
  readonly onDelivery: (id: string) => void
}

export function createEngine({ clock, settings, journalPath, onDelivery }: Options): Engine {
  const queue = createDueQueue()
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

  function enqueueChanged(): void {
    const rows = changed.splice(0)
    const also = rows.flatMap(([table, id]) => dependants(store, table, id))
    for (const [table, id] of [...rows, ...also]) {
      const at = nextDue(store, table, id)
      const name = `${table} ${id}`
      if (at === undefined || queued.get(name) === at) continue
      queued.set(name, at)
      queue.push({ at, table, id })
    }
  }

  function run<Result>(context: { at: number; cause: Cause }, work: (step: Step) => Kept<Result>) {
    try {
      return store.run({ now: context.at, request: context.cause, settings }, work)
    } finally {
      enqueueChanged()
    }
  }

  /** Does the earliest due thing, at its own instant rather than at the present one. */
  function doNext(until: number): boolean {
    const due = queue.peek()
    if (due === undefined || due.at > until) return false
    queue.pop()
    const name = `${due.table} ${due.id}`
    if (queued.get(name) === due.at) queued.delete(name)
    if (nextDue(store, due.table, due.id) !== due.at) return true
    // Looked at again even if it did not change itself: a reminder is kept beside its subscription.
    changed.push([due.table, due.id])
    run({ at: due.at, cause: BY_ITSELF }, (step) => {
      happen(step, due.table, due.id)
      return { result: undefined, keep: true }
    })
    return true
  }

  async function settle(): Promise<void> {
    for (let done = 1; doNext(now()); done += 1) {
      if (done % DUE_BATCH === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  enqueueChanged()
  return {
    store,
    now,
    act(cause, work) {
      const at = now()
      while (doNext(at));
      return run({ at, cause }, work)
    },
    note(work) {
      run({ at: now(), cause: BY_ITSELF }, (step) => ({ result: work(step), keep: true }))
    },
    settle,
    nextDueAt: () => queue.peek()?.at,
    close: store.close,
  }
}
