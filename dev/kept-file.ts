import { readFile, rename, writeFile } from 'node:fs/promises'
import { isErrno } from './errno.ts'

/** Reads a file that an earlier start may have left. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  })
}

/** Replaces a file atomically: readers see the old text or the new, even after a crash. Only our user may read it. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.unfinished`, text, { mode: 0o600 })
  await rename(`${path}.unfinished`, path)
}
