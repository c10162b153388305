import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { isTableName } from './table-set.ts'
import type { TableName, Tables } from './tables.ts'

/** A row as it is now, or null when it was erased. */
export type Change = {
  readonly table: TableName
  readonly id: string
  readonly row: Tables[TableName] | null
}

export type Journal = {
  readonly append: (changes: readonly Change[]) => void
  readonly close: () => void
}

/** Every committed step of an earlier run, oldest first. */
export function* readJournal(path: string): Generator<readonly Change[]> {
  if (!existsSync(path)) return
  const text = readFileSync(path, 'utf8')
  let start = 0
  while (start < text.length) {
    const end = text.indexOf('\n', start)
    // A process killed in the middle of a write leaves a torn last line. Its request was never
    // answered, so nobody counts on it.
    if (end === -1) return
    const changes: Change[] = JSON.parse(text.slice(start, end))
    // A table of an older simulator may be gone.
    yield changes.filter(({ table }) => isTableName(table))
    start = end + 1
  }
}

/**
 * Starts a journal that opens with the given rows. It is written beside the old one and renamed over
 * it, so a crash while compacting leaves the old journal whole.
 */
export function startJournal(path: string, rows: Iterable<Change>): Journal {
  mkdirSync(dirname(path), { recursive: true })
  const next = `${path}.next`
  const file = openSync(next, 'w')
  for (const row of rows) writeLine(file, [row])
  renameSync(next, path)
  return {
    // Written before the request is answered. The page cache outlives a killed process, so there is
    // no fsync: only a machine that loses power forgets the last moments, and this is a simulator.
    append: (changes) => writeLine(file, changes),
    close: () => closeSync(file),
  }
}

function writeLine(file: number, changes: readonly Change[]): void {
  const line = Buffer.from(`${JSON.stringify(changes)}\n`)
  let written = 0
  while (written < line.length) written += writeSync(file, line, written)
}
