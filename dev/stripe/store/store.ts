import type { Settings } from '../settings.ts'
import { readJournal, startJournal, type Change, type Journal } from './journal.ts'
import { createTable, type Table } from './table.ts'
import { INDEXES, type Indexes, type TableName, type Tables } from './tables.ts'

/** The rows of one table, newest first. Every option narrows what is walked, not only what is shown. */
export type Walk = { readonly index?: string; readonly key?: string }

/** One atomic, synchronous change: either all of it is kept and journalled, or none of it. */
export type Step = {
  /** The simulated instant, in whole seconds, at which everything in this step happens. */
  readonly now: number
  /** The API request that caused it; null for what happens by itself or in a browser. */
  readonly request: Cause
  readonly settings: Settings
  readonly find: <Name extends TableName>(table: Name, id: string) => Tables[Name] | undefined
  readonly put: <Name extends TableName, Row extends Tables[Name]>(table: Name, row: Row) => Row
  readonly erase: (table: TableName, id: string) => void
  readonly rows: <Name extends TableName>(table: Name, walk?: Walk) => Generator<Tables[Name]>
  readonly oldest: <Name extends TableName>(table: Name) => Tables[Name] | undefined
  readonly positionOf: (table: TableName, id: string) => number | undefined
}

export type Cause = { id: string | null; idempotency_key: string | null }

export type StepContext = Pick<Step, 'now' | 'request' | 'settings'>

export type Store = {
  readonly run: <Result>(context: StepContext, work: (step: Step) => Kept<Result>) => Result
  readonly rows: <Name extends TableName>(table: Name, walk?: Walk) => Generator<Tables[Name]>
  readonly find: Step['find']
  readonly size: (table: TableName) => number
  readonly close: () => void
}

/** What a step answers, and whether its changes stay. A refusal may keep them: a decline is history. */
export type Kept<Result> = { readonly result: Result; readonly keep: boolean }

export type StoreOptions = {
  readonly journalPath?: string | undefined
  /** Told of each committed row. */
  readonly onWrite: <Name extends TableName>(table: Name, row: Tables[Name]) => void
}

type AnyTable = Table<{ readonly id: string }>

export function createStore({ journalPath, onWrite }: StoreOptions): Store {
  const names = Object.keys(INDEXES) as TableName[]
  const tables = new Map<string, AnyTable>(
    names.map((name) => [name, createTable(INDEXES[name] as Indexes<{ readonly id: string }>)]),
  )
  const table = (name: TableName): AnyTable => {
    const found = tables.get(name)
    if (found === undefined) throw new Error(`no table ${name}`)
    return found
  }
  const find = <Name extends TableName>(name: Name, id: string) =>
    table(name).find(id) as Tables[Name] | undefined

  function* rows<Name extends TableName>(name: Name, walk: Walk = {}): Generator<Tables[Name]> {
    const ids = table(name).ids(walk.index, walk.key)
    for (let at = ids.length - 1; at >= 0; at -= 1) {
      const row = find(name, ids[at] ?? '')
      if (row !== undefined) yield row
    }
  }

  const journal = journalPath === undefined ? undefined : reopen(journalPath)

  function reopen(path: string): Journal {
    for (const changes of readJournal(path)) {
      for (const [name, row, id] of changes) {
        if (!tables.has(name)) continue
        if (row === null) table(name as TableName).erase(id)
        else table(name as TableName).write(row as { id: string })
      }
    }
    for (const name of names) {
      for (const row of table(name).rows()) onWrite(name, row as Tables[typeof name])
    }
    return startJournal(path, everything())
  }

  function* everything(): Generator<Change> {
    for (const name of names) for (const row of table(name).rows()) yield [name, row]
  }

  function run<Result>(context: StepContext, work: (step: Step) => Kept<Result>): Result {
    const undo: (() => void)[] = []
    const touched = new Map<string, readonly [TableName, string]>()
    const touch = (name: TableName, id: string) => {
      const before = find(name, id)
      touched.set(`${name} ${id}`, [name, id])
      undo.push(() => (before === undefined ? table(name).erase(id) : table(name).write(before)))
    }
    const step: Step = {
      ...context,
      find,
      put(name, row) {
        touch(name, row.id)
        table(name).write(row)
        return row
      },
      erase(name, id) {
        touch(name, id)
        table(name).erase(id)
      },
      rows,
      oldest: (name) => find(name, table(name).ids()[0] ?? ''),
      positionOf: (name, id) => table(name).positionOf(id),
    }
    const rollBack = () => undo.reverse().forEach((revert) => revert())
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
    const changes = touched.map(([name, id]): Change => {
      const row = find(name, id)
      return row === undefined ? [name, null, id] : [name, row]
    })
    journal?.append(changes)
    for (const [name, id] of touched) {
      const row = find(name, id)
      if (row !== undefined) onWrite(name, row)
    }
  }

  return {
    run,
    rows,
    find,
    size: (name) => table(name).size(),
    close: () => journal?.close(),
  }
}
