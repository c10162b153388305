import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Account } from './account.ts'

const run = promisify(execFile)

/**
 * Whether `account` can read and enter `path`. A process of that account asks the kernel, because the modes of
 * the directories above are not enough: access lists and mounts count too.
 */
export async function canReach(account: Account, path: string): Promise<boolean> {
  const check = ['-c', 'test -r "$1" && test -x "$1"', 'reach', path]
  const [error] = await run('/bin/sh', check, { cwd: '/', ...account }).then(
    () => [undefined],
    (failure: unknown) => [failure],
  )
  if (error === undefined) return true
  // Status 1 means that `test` answered no; any other status means that the check failed.
  if (error instanceof Error && 'code' in error && error.code === 1) return false
  throw error
}
