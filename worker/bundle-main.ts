import { bundlePath, writeWorkflowBundle } from './bundle.ts'

const path = process.argv[2]
if (path === undefined) {
  console.error('Say where the bundle goes: node worker/bundle-main.ts dist/workflow-bundle.js')
  process.exit(1)
}
for (const kind of ['plain', 'traced'] as const)
  await writeWorkflowBundle(bundlePath(path, kind), kind)
