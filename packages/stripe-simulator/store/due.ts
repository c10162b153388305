import type { TableName } from './tables.ts'

/** A change scheduled for a row. It is skipped if the row's due instant has changed by then. */
export type Due = { readonly at: number; readonly table: TableName; readonly id: string }

type Queued = Due & { readonly order: number }

/** A binary heap: earliest first, and equal instants in order of insertion. */
export function createDueQueue() {
  const heap: Queued[] = []
  let order = 0

  const before = (a: Queued, b: Queued) => a.at < b.at || (a.at === b.at && a.order < b.order)

  function swap(i: number, j: number): void {
    const [a, b] = [heap[i], heap[j]]
    if (a === undefined || b === undefined) return
    heap[i] = b
    heap[j] = a
  }

  const isBefore = (i: number, j: number) => {
    const [a, b] = [heap[i], heap[j]]
    return a !== undefined && b !== undefined && before(a, b)
  }

  function rise(from: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(at, parent)) return
      swap(at, parent)
      at = parent
    }
  }

  function sink(): void {
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      const child = isBefore(right, left) ? right : left
      if (!isBefore(child, at)) return
      swap(at, child)
      at = child
    }
  }

  return {
    peek: (): Due | undefined => heap[0],
    push(due: Due): void {
      order += 1
      heap.push({ ...due, order })
      rise(heap.length - 1)
    },
    pop(): Due | undefined {
      const first = heap[0]
      const last = heap.pop()
      if (first === undefined || last === undefined) return undefined
      if (heap.length > 0) {
        heap[0] = last
        sink()
      }
      return first
    },
  }
}
