import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const SOURCES = ['workflows', 'domain', 'package-lock.json']

/** Traced workflows have a separate bundle, so that plain ones contain no tracing code. */
export type BundleKind = 'plain' | 'traced'

/** The traced bundle is in the same directory as the plain one. */
export const bundlePath = (plain: string, kind: BundleKind): string =>
  kind === 'plain' ? plain : plain.replace(/\.js$/, '-traced.js')

/** Bundles the workflows into `path` atomically: another process may be reading it. */
export async function writeWorkflowBundle(path: string, kind: BundleKind): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows/index.ts'),
    workflowInterceptorModules: kind === 'traced' ? [join(ROOT, 'workflows/tracing.ts')] : [],
    logger: new DefaultLogger('WARN'),
  })
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.${process.pid}`
  await writeFile(unfinished, code)
  await rename(unfinished, path)
}

/** Bundles the current sources under `directory`, unless an up-to-date bundle exists. @returns its path. */
export async function bundleWorkflows(
  kind: BundleKind,
  directory = join(ROOT, '.perennial'),
): Promise<string> {
  const path = bundlePath(join(directory, `workflow-bundle-${await fingerprint()}.js`), kind)
  const exists = await stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
  if (!exists) await writeWorkflowBundle(path, kind)
  return path
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of SOURCES)
    for (const file of await filesUnder(join(ROOT, source))) hash.update(await readFile(file))
  return hash.digest('hex').slice(0, 16)
}

async function filesUnder(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.[tj]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
