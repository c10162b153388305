import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The account that runs a program, in the form of `spawn`'s options. */
export type Account = { readonly uid: number; readonly gid: number }

const run = promisify(execFile)

/** Postgres refuses to run as root, so root runs it as `nobody`. Other users run it as themselves. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all([id('-u'), id('-g')])
  return { uid, gid }
}

async function id(flag: '-u' | '-g'): Promise<number> {
  const { stdout } = await run('id', [flag, 'nobody'])
  return Number(stdout)
}
