import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'

let made: Promise<string> | undefined

/** The path of the next release's workflow code, bundled once per process. */
export const bundleOfNextRelease = (): Promise<string> => (made ??= make())

async function make(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, 'next.ts'),
    logger: new DefaultLogger('WARN'),
  })
  const path = join(await mkdtemp(join(tmpdir(), 'perennial-release-')), 'next.js')
  await writeFile(path, code)
  return path
}
