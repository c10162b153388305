import { access, constants } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { isErrno } from '../errno.ts'
import type { CliSearch } from './cli-search.ts'

/** The path in TEMPORAL_CLI, which need not exist. @throws if the variable is not set. */
export async function cliFromEnvironment({ env }: CliSearch): Promise<string> {
  const path = env['TEMPORAL_CLI']
  if (path === undefined || path === '') throw new Error('is not set')
  return resolve(path)
}

/** The first executable `temporal` in PATH. @throws if there is none. */
export async function cliFromPath({ env }: CliSearch): Promise<string> {
  for (const directory of (env['PATH'] ?? '').split(delimiter)) {
    const path = resolve(join(directory, 'temporal'))
    if (directory !== '' && (await isExecutable(path))) return path
  }
  throw new Error('has no `temporal`')
}

/** Whether this process may execute the file. @throws errors other than a missing file or a missing permission. */
export async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    (error: unknown) => {
      if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return false
      throw error
    },
  )
}
