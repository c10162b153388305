import { mkdirSync, openSync, renameSync, statSync, closeSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { isErrno } from './errno.ts'

/** The maximum size of a log; then it is renamed to `….1.log`, which replaces an older one. */
const LOG_BYTES_MAX = 10 * 1024 * 1024

/** Appends lines to a file that survives restarts and is limited in size. */
export function openLogFile(path: string): (line: string) => void {
  mkdirSync(dirname(path), { recursive: true })
  const file = { descriptor: openSync(path, 'a'), bytes: sizeOf(path) }
  return (line) => {
    if (file.bytes > LOG_BYTES_MAX) {
      closeSync(file.descriptor)
      renameSync(path, path.replace(/\.log$/, '.1.log'))
      file.descriptor = openSync(path, 'a')
      file.bytes = 0
    }
    file.bytes += writeSync(file.descriptor, `${line}\n`)
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 0
    throw error
  }
}
