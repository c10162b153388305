import { access, constants } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { isErrno } from '../errno.ts'
import type { CliSearch } from './cli-search.ts'

export async function cliFromEnvironment({ env }: CliSearch): Promise<string> {
  const path = env['TEMPORAL_CLI']
  if (path === undefined || path === '') throw new Error('is not set')
  return resolve(path)
}

export async function cliFromPath({ env }: CliSearch): Promise<string> {
  for (const directory of (env['PATH'] ?? '').split(delimiter)) {
    const path = resolve(join(directory, 'temporal'))
    if (directory !== '' && (await isExecutable(path))) return path
  }
  throw new Error('has no `temporal`')
}

export async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    (error: unknown) => {
      if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return false
      throw error
    },
  )
}
