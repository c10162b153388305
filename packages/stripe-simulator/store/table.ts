type Identified = { readonly id: string }
type Entry<Row> = { readonly position: number; readonly row: Row }
type KeyOf<Row> = (row: Row) => string | null

/** Rows in the order of their first write, with secondary keys. */
export type Table<Row extends Identified> = {
  readonly find: (id: string) => Row | undefined
  readonly write: (row: Row) => void
  readonly erase: (id: string) => void
  readonly rows: () => Iterable<Row>
  /** Ids from the oldest to the newest; may contain ids of deleted rows. */
  readonly ids: (index?: string, key?: string) => readonly string[]
  readonly positionOf: (id: string) => number | undefined
  readonly size: () => number
}

/** An empty table. @param indexes a secondary key for each name; a row whose key is null is not in that index. */
export function createTable<Row extends Identified>(
  indexes: Readonly<Record<string, KeyOf<Row>>>,
): Table<Row> {
  const entries = new Map<string, Entry<Row>>()
  const all: string[] = []
  const indexed = new Map(
    Object.entries(indexes).map(([name, keyOf]) => [
      name,
      { keyOf, ids: new Map<string, string[]>() },
    ]),
  )
  let positions = 0

  function index(row: Row, previous: Row | undefined): void {
    for (const { keyOf, ids } of indexed.values()) {
      const key = keyOf(row)
      if (previous !== undefined && keyOf(previous) === key) continue
      if (previous !== undefined) unindex(ids, keyOf(previous), row.id)
      if (key === null) continue
      const list = ids.get(key)
      if (list === undefined) ids.set(key, [row.id])
      else list.push(row.id)
    }
  }

  return {
    find: (id) => entries.get(id)?.row,
    write(row) {
      const before = entries.get(row.id)
      if (before === undefined) all.push(row.id)
      entries.set(row.id, { position: before?.position ?? positions++, row })
      index(row, before?.row)
    },
    erase(id) {
      const entry = entries.get(id)
      if (entry === undefined) return
      entries.delete(id)
      remove(all, id)
      for (const { keyOf, ids } of indexed.values()) unindex(ids, keyOf(entry.row), id)
    },
    *rows() {
      for (const { row } of entries.values()) yield row
    },
    ids(name, key) {
      if (name === undefined || key === undefined) return all
      return indexed.get(name)?.ids.get(key) ?? []
    },
    positionOf: (id) => entries.get(id)?.position,
    size: () => entries.size,
  }
}

/** Most deleted rows are young (a delivery) or the oldest (an idempotency record): search both ends. */
function remove(ids: string[], id: string): void {
  const at = ids[0] === id ? 0 : ids.lastIndexOf(id)
  if (at >= 0) ids.splice(at, 1)
}

function unindex(ids: Map<string, string[]>, key: string | null, id: string): void {
  const list = key === null ? undefined : ids.get(key)
  if (list === undefined) return
  remove(list, id)
  if (list.length === 0 && key !== null) ids.delete(key)
}
