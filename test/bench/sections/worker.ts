import { spawnLeashed } from '../../../dev/leash.ts'
import { PROJECT } from '../../../dev/project.ts'
import { run } from '../../../dev/run.ts'
import { startBilling } from '../billing.ts'
import { atMost } from '../budgets.ts'
import { inRounds, median, type Section } from '../section.ts'

const STARTS = 5
const BUILD_TIMEOUT_MS = 240_000
const START_TIMEOUT_MS = 60_000
const GRACE_SECONDS = 25

/** Startup time of a worker as in production: `npm run build`, then plain JavaScript. */
export const worker: Section = {
  name: 'worker',
  async measure() {
    await run({
      name: 'npm run build',
      command: 'npm',
      args: ['run', 'build'],
      cwd: PROJECT,
      timeoutMs: BUILD_TIMEOUT_MS,
    })
    const billing = await startBilling()
    try {
      const starts = await inRounds('worker', STARTS, async () => {
        const began = performance.now()
        const program = spawnLeashed({
          name: 'worker',
          command: process.execPath,
          args: ['dist/worker/main.js'],
          cwd: PROJECT,
          env: {
            ...process.env,
            ...billing.workerEnvironment,
            WORKFLOW_BUNDLE: 'dist/workflow-bundle.js',
          },
          stopSignal: 'TERM',
          graceSeconds: GRACE_SECONDS,
        })
        await program.lineMatching(/"msg":"ready"/, START_TIMEOUT_MS)
        const seconds = (performance.now() - began) / 1_000
        await program.stop()
        return seconds
      })
      return {
        figures: [],
        budgets: [atMost('start of a worker from a prebuilt bundle', median(starts), 1.5, 's')],
        rounds: starts,
      }
    } finally {
      await billing.close()
    }
  },
}
