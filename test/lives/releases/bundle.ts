import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'

/** The next release, and one that loses state at continue-as-new. */
export type Release = 'next' | 'forgetful'

const made = new Map<Release, Promise<string>>()

/** The path of a release's workflow code, bundled once per process. */
export function bundleOf(release: Release): Promise<string> {
  const path = made.get(release) ?? make(release)
  made.set(release, path)
  return path
}

async function make(release: Release): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, `${release}.ts`),
    logger: new DefaultLogger('WARN'),
  })
  const path = join(await mkdtemp(join(tmpdir(), 'perennial-release-')), `${release}.js`)
  await writeFile(path, code)
  return path
}
