import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Whether this runs from what `npm run build` made, as in a package, and not from the sources. */
const IS_BUILT = import.meta.url.endsWith('.js')

/** The directory of `package.json`; of what was built, where that lies. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url))

/** Where the embedded stack keeps what must survive it. Removing it starts afresh. A package is no place for that. */
export const STATE = IS_BUILT ? resolve('.perennial') : join(PROJECT, '.perennial')

/** The workflows as the build has bundled them; undefined where the worker does so from the sources. */
export const WORKFLOW_BUNDLE = IS_BUILT ? join(PROJECT, 'workflow-bundle.js') : undefined

/**
 * The API makes much short-lived garbage. With room for it the collector runs seldom, and finds next to nothing alive:
 * a fifth less CPU per call at full load, for up to 150 MB. `docs/operating.md` says the same to production.
 */
const NODE_FLAGS: Readonly<Record<string, readonly string[]>> = {
  'api/main.ts': ['--max-semi-space-size=64'],
}

/** What `spawn` needs to run a TypeScript file of this project, however this process itself was started. */
export function nodeProgram(script: string, ...args: readonly string[]) {
  const file = join(PROJECT, IS_BUILT ? script.replace(/\.ts$/, '.js') : script)
  return {
    command: process.execPath,
    args: [...(NODE_FLAGS[script] ?? []), ...(IS_BUILT ? [] : ['--import', 'tsx']), file, ...args],
    cwd: PROJECT,
  }
}
