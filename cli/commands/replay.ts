import type { Command } from 'commander'
import { answering, type Stage } from '../action.ts'
import { EXIT } from '../exit.ts'
import { withProgress } from '../progress.ts'
import { numberBetween } from '../whole-number.ts'

/** The limit bounds the duration, not the memory: one history is loaded at a time. */
const LIMIT_MAX = 100_000
const LIMIT = 200

type ReplayOptions = { readonly query?: string; readonly limit: number }

/**
 * Adds `replay`, which replays histories of Temporal with this code. It ends with 1 if one diverges or none is found.
 */
export function addReplay(program: Command, stage: Stage): void {
  const { terminal } = stage
  program
    .command('replay')
    .summary('replay running workflows with this code, before a deploy')
    .description(
      'Reads histories from Temporal and replays them with this version’s workflow code. It changes nothing and needs only the variables TEMPORAL_…. Ends with 1 when the code would decide otherwise in a run, or when no run was found.',
    )
    .option('--query <query>', 'a query as in the Temporal UI; by default all running workflows')
    .option(
      '--limit <number>',
      'how many runs at most, the latest first',
      numberBetween('--limit', { min: 1, max: LIMIT_MAX, example: LIMIT }),
      LIMIT,
    )
    .addHelpText(
      'after',
      `\nExample:\n  $ npx perennial replay --query 'WorkflowType = "PlanMigration"' --limit 50`,
    )
    .action(
      answering(stage, async ({ query: wanted, limit }: ReplayOptions, _command: Command) => {
        const { replayRunning } = await import('../../worker/replay-running.ts')
        const { query, replayed, divergences } = await withProgress(
          terminal,
          'Replaying histories',
          (_, say) =>
            replayRunning(terminal.env, {
              query: wanted,
              limit,
              onReplayed: (count) => say(`${count}`),
            }),
        )
        if (replayed === 0) terminal.log('No run was found. Check the query.\n')
        return {
          lines: [
            ...divergences.flatMap(({ workflowId, runId, reason }) => [
              `${workflowId} ${runId}`,
              `  ${reason}`,
            ]),
            `${replayed} replayed, ${divergences.length} would be decided otherwise by this code: ${query}`,
          ],
          json: {
            query,
            replayed,
            divergences: divergences.map(({ workflowId, runId, reason }) => ({
              workflow_id: workflowId,
              run_id: runId,
              reason,
            })),
          },
          exitCode: divergences.length > 0 || replayed === 0 ? EXIT.wrong : EXIT.ok,
        }
      }),
    )
}
