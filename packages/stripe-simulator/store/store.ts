import type { Settings } from '../settings.ts'
import { readJournal, startJournal, type Change, type Journal } from './journal.ts'
import { createTables, tableNames } from './table-set.ts'
import type { TableName, Tables } from './tables.ts'

/** The rows of one table, newest first; with a key, only the rows with that key. */
export type Walk = { readonly index?: string; readonly key?: string }

/** One atomic, synchronous change: all of it is stored and journalled, or none of it. */
export type Step = Reader & {
  /** The simulated instant, in whole seconds, at which this step happens. */
  readonly now: number
  /** The API request that caused it; nulls for automatic changes and for pages. */
  readonly request: Cause
  /** The test clock of this step, unless it follows the simulator's clock. */
  readonly testClock: string | null
  readonly settings: Settings
  readonly put: <Name extends TableName, Row extends Tables[Name]>(table: Name, row: Row) => Row
  readonly erase: (table: TableName, id: string) => void
}

/** Reading access to all tables. */
export type Reader = {
  readonly find: <Name extends TableName>(table: Name, id: string) => Tables[Name] | undefined
  readonly rows: <Name extends TableName>(table: Name, walk?: Walk) => Generator<Tables[Name]>
  readonly oldest: <Name extends TableName>(table: Name) => Tables[Name] | undefined
  readonly positionOf: (table: TableName, id: string) => number | undefined
}

/** The id and the idempotency key of the request that caused a change, as its events show them. */
export type Cause = { id: string | null; idempotency_key: string | null }

/** The surroundings of a step: its instant, its cause and its clock. */
export type StepContext = Pick<Step, 'now' | 'request' | 'settings' | 'testClock'>

/** All tables of one account. `run` executes one step; a step that throws changes nothing. */
export type Store = Reader & {
  readonly run: <Result>(context: StepContext, work: (step: Step) => Kept<Result>) => Result
  readonly size: (table: TableName) => number
  readonly close: () => void
}

/** The result of a step, and whether its changes are kept. A refusal may keep them, as a decline does. */
export type Kept<Result> = { readonly result: Result; readonly keep: boolean }

/** The journal of a store, if it has one, and the function that learns of its rows. */
export type StoreOptions = {
  readonly journalPath?: string | undefined
  /** Called for each row that is committed or read from the journal. */
  readonly onWrite: (table: TableName, id: string) => void
}

/** Opens a store, with the rows of its journal. Without a journal, all rows are lost at the end. */
export function createStore({ journalPath, onWrite }: StoreOptions): Store {
  const tables = createTables()
  const find: Reader['find'] = (name, id) => tables[name].find(id)

  function* rows<Name extends TableName>(name: Name, walk: Walk = {}): Generator<Tables[Name]> {
    const ids = tables[name].ids(walk.index, walk.key)
    for (let at = ids.length - 1; at >= 0; at -= 1) {
      const row = find(name, ids[at] ?? '')
      if (row !== undefined) yield row
    }
  }

  const reader: Reader = {
    find,
    rows,
    oldest: (name) => find(name, tables[name].ids()[0] ?? ''),
    positionOf: (name, id) => tables[name].positionOf(id),
  }
  let journal = journalPath === undefined ? undefined : reopen(journalPath)

  function reopen(path: string): Journal {
    for (const changes of readJournal(path)) {
      for (const change of changes) {
        if (change.row === null) tables[change.table].erase(change.id)
        else restore(change.table, change.row)
      }
    }
    for (const name of tableNames) for (const { id } of tables[name].rows()) onWrite(name, id)
    return startJournal(path, everything())
  }

  function restore<Name extends TableName>(name: Name, row: Tables[Name]): void {
    tables[name].write(row)
  }

  function* everything(): Generator<Change> {
    for (const table of tableNames) {
      for (const row of tables[table].rows()) yield { table, id: row.id, row }
    }
  }

  function run<Result>(context: StepContext, work: (step: Step) => Kept<Result>): Result {
    const undo: (() => void)[] = []
    const touched = new Map<string, readonly [TableName, string]>()

    function touch(name: TableName, id: string): void {
      const before = find(name, id)
      touched.set(`${name} ${id}`, [name, id])
      undo.push(() => (before === undefined ? tables[name].erase(id) : restore(name, before)))
    }

    const step: Step = {
      ...context,
      ...reader,
      put(name, row) {
        touch(name, row.id)
        tables[name].write(row)
        return row
      },
      erase(name, id) {
        touch(name, id)
        tables[name].erase(id)
      },
    }
    const rollBack = () => undo.toReversed().forEach((revert) => revert())
    try {
      const { result, keep } = work(step)
      if (keep) commit([...touched.values()])
      else rollBack()
      return result
    } catch (error) {
      rollBack()
      throw error
    }
  }

  function commit(touched: readonly (readonly [TableName, string])[]): void {
    if (touched.length === 0) return
    journal?.append(touched.map(([table, id]) => ({ table, id, row: find(table, id) ?? null })))
    if (journalPath !== undefined && journal?.isLong() === true) {
      journal.close()
      journal = startJournal(journalPath, everything())
    }
    for (const [name, id] of touched) onWrite(name, id)
  }

  return { ...reader, run, size: (name) => tables[name].size(), close: () => journal?.close() }
}
