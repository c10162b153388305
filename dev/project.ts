import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Whether this process runs the output of `npm run build`, as in a package, and not the sources. */
const IS_BUILT = import.meta.url.endsWith('.js')

/** The directory of `package.json`; for a build, the directory that contains it. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url))

/** The state directory of the embedded stack. Deleting it resets the stack. A package directory cannot hold it. */
export const STATE = IS_BUILT ? resolve('.perennial') : join(PROJECT, '.perennial')

/** The workflows as bundled by the build; undefined if the worker bundles the sources itself. */
export const WORKFLOW_BUNDLE = IS_BUILT ? join(PROJECT, 'workflow-bundle.js') : undefined

/**
 * The API creates much short-lived garbage. With a larger young generation the collector runs rarely and copies little:
 * a fifth less CPU per call at full load, for up to 150 MB. `docs/operating.md` recommends the same for production.
 */
const NODE_FLAGS: Readonly<Record<string, readonly string[]>> = {
  'api/main.ts': ['--max-semi-space-size=64'],
}

/** The arguments for `spawn` to run a TypeScript file of this project, for sources and builds alike. */
export function nodeProgram(script: string, ...args: readonly string[]) {
  const file = join(PROJECT, IS_BUILT ? script.replace(/\.ts$/, '.js') : script)
  return {
    command: process.execPath,
    args: [...(NODE_FLAGS[script] ?? []), ...(IS_BUILT ? [] : ['--import', 'tsx']), file, ...args],
    cwd: PROJECT,
  }
}
