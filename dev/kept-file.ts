import { readFile, rename, writeFile } from 'node:fs/promises'
import { isErrno } from './errno.ts'

/** The text of a file that a start before this one may have left. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  })
}

/** Replaces a file at once: whoever reads it finds the old text or the new, also after a crash. Ours alone to read. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.unfinished`, text, { mode: 0o600 })
  await rename(`${path}.unfinished`, path)
}
