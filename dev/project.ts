import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The directory of `package.json`. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url))

/** Where the embedded stack keeps what must survive it. Removing it starts afresh. */
export const STATE = join(PROJECT, '.perennial')

/** What `spawn` needs to run a TypeScript file of this project, however this process itself was started. */
export function nodeProgram(script: string, ...args: readonly string[]) {
  return {
    command: process.execPath,
    args: ['--import', 'tsx', join(PROJECT, script), ...args],
    cwd: PROJECT,
  }
}
