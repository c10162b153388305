import { mkdirSync, openSync, renameSync, statSync, closeSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { isErrno } from './errno.ts'

/** One log may grow to this; then it becomes `….1.log`, in place of an older one. */
const LOG_BYTES_MAX = 10 * 1024 * 1024

/** Appends lines to a file that is kept across restarts and bounded in size. */
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
