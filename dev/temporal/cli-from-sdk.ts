import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from '../errno.ts'
import { nodeProgram } from '../project.ts'
import { run } from '../run.ts'
import type { CliSearch } from './cli-search.ts'

/** 60 MB; fails within a second if the host is unreachable, and hangs if packets are dropped. */
const DOWNLOAD_TIMEOUT_MS = 90_000

/** The SDK's download of an earlier start. The SDK chooses the file's name. */
export async function sdkCopy({ directory }: CliSearch): Promise<string> {
  const names = await readdir(home(directory)).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return []
    throw error
  })
  const name = names.find((candidate) => /^temporal-.*\d$|^temporal-.*\.exe$/.test(candidate))
  if (name === undefined) throw new Error(`nothing in ${home(directory)}`)
  return join(home(directory), name)
}

/** Lets the SDK download the CLI in a separate process, because the call has no timeout and cannot be canceled. */
export async function cliFromSdk(search: CliSearch): Promise<string> {
  await mkdir(home(search.directory), { recursive: true })
  await run({
    name: 'download',
    ...nodeProgram('dev/temporal/cli-from-sdk-main.ts', home(search.directory)),
    env: search.env,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  })
  return await sdkCopy(search)
}

const home = (directory: string) => join(directory, 'temporal-sdk')
