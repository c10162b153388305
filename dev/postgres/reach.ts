import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Account } from './account.ts'

const run = promisify(execFile)

/**
 * Whether `account` can read and enter `path`. Asked of the kernel, by a process of that account, rather than
 * computed from the modes of every directory above: access lists and mounts count too.
 */
export async function canReach(account: Account, path: string): Promise<boolean> {
  const check = ['-c', 'test -r "$1" && test -x "$1"', 'reach', path]
  const [error] = await run('/bin/sh', check, { cwd: '/', ...account }).then(
    () => [undefined],
    (failure: unknown) => [failure],
  )
  if (error === undefined) return true
  // Status 1 is `test` saying no; anything else is a check that could not be made.
  if (error instanceof Error && 'code' in error && error.code === 1) return false
  throw error
}
