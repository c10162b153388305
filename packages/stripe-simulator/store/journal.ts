import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { isTableName } from './table-set.ts'
import type { TableName, Tables } from './tables.ts'

/** A row's current state, or null if it was deleted. */
export type Change = {
  readonly table: TableName
  readonly id: string
  readonly row: Tables[TableName] | null
}

/** An open file of changes, one line per step, written before the step is answered. */
export type Journal = {
  readonly append: (changes: readonly Change[]) => void
  /** Whether most of the file is history that a compacted journal omits. */
  readonly isLong: () => boolean
  readonly close: () => void
}

/** Read in chunks, because a file can exceed the maximum length of a string. */
const CHUNK_BYTES = 1024 * 1024
/** Below this size, compacting costs more than the history. */
const HISTORY_BYTES_MIN = 64 * 1024 * 1024

/** Every committed step of an earlier run, oldest first. */
export function* readJournal(path: string): Generator<readonly Change[]> {
  for (const line of wholeLines(path)) {
    const changes: Change[] = JSON.parse(line)
    // A table of an older simulator may no longer exist.
    yield changes.filter(({ table }) => isTableName(table))
  }
}

/**
 * A process killed during a write leaves an incomplete last line. Its request was never answered,
 * so no caller depends on it, and it is ignored.
 */
function* wholeLines(path: string): Generator<string> {
  if (!existsSync(path)) return
  const file = openSync(path, 'r')
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES)
    let rest = Buffer.alloc(0)
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      rest = Buffer.concat([rest, chunk.subarray(0, read)])
      let start = 0
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
        yield rest.toString('utf8', start, end)
        start = end + 1
      }
      rest = rest.subarray(start)
    }
  } finally {
    closeSync(file)
  }
}

/**
 * Starts a journal that begins with the given rows. It is written to a new file and renamed over
 * the old one, so a crash while compacting leaves the old journal intact.
 */
export function startJournal(path: string, rows: Iterable<Change>): Journal {
  mkdirSync(dirname(path), { recursive: true })
  const next = `${path}.next`
  const file = openSync(next, 'w')
  let compacted = 0
  for (const row of rows) compacted += writeLine(file, [row])
  renameSync(next, path)
  let appended = 0
  return {
    // Written before the request is answered. The page cache survives a killed process, so there is
    // no fsync: only a power failure loses the last moments, which is acceptable for a simulator.
    append(changes) {
      appended += writeLine(file, changes)
    },
    isLong: () => appended > Math.max(HISTORY_BYTES_MIN, 2 * compacted),
    close: () => closeSync(file),
  }
}

function writeLine(file: number, changes: readonly Change[]): number {
  const line = Buffer.from(`${JSON.stringify(changes)}\n`)
  let written = 0
  while (written < line.length) written += writeSync(file, line, written)
  return line.length
}
