import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'

/** `next` decides one thing more; `undrained` loses what it has not done when a run ends. */
const RELEASES = {
  next: {},
  undrained: { './subscription-state.ts$': join(import.meta.dirname, 'undrained-state.ts') },
} as const
type Release = keyof typeof RELEASES

const made = new Map<Release, Promise<string>>()

/** The path of another release's workflow code, bundled once per process. */
export function bundleOfRelease(release: Release): Promise<string> {
  const known = made.get(release)
  if (known !== undefined) return known
  const bundle = make(release)
  made.set(release, bundle)
  return bundle
}

async function make(release: Release): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, `${release}.ts`),
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) => ({
      ...config,
      // The SDK has aliases of its own there.
      resolve: {
        ...config.resolve,
        alias: Object.assign({}, config.resolve?.alias, RELEASES[release]),
      },
    }),
  })
  const path = join(await mkdtemp(join(tmpdir(), 'perennial-release-')), `${release}.js`)
  await writeFile(path, code)
  return path
}
