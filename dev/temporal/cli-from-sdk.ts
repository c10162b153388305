import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from '../errno.ts'
import { nodeProgram } from '../project.ts'
import { run } from '../run.ts'
import type { CliSearch } from './cli-search.ts'

/** 60 MB; it fails in under a second where the host is unreachable, and hangs where packets are dropped. */
const DOWNLOAD_TIMEOUT_MS = 90_000

/** What the SDK downloaded at an earlier start. It chooses the file's name. */
export async function sdkCopy({ directory }: CliSearch): Promise<string> {
  const names = await readdir(home(directory)).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return []
    throw error
  })
  const name = names.find((candidate) => /^temporal-.*\d$|^temporal-.*\.exe$/.test(candidate))
  if (name === undefined) throw new Error(`nothing in ${home(directory)}`)
  return join(home(directory), name)
}

/** Lets the SDK download the CLI, in a process of its own because that can neither be bounded nor cancelled. */
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
