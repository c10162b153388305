import type { Command } from 'commander'
import { answering, type Stage } from '../action.ts'
import { EXIT } from '../exit.ts'
import { withProgress } from '../progress.ts'
import { numberBetween } from '../whole-number.ts'

/** The limit bounds the duration, not the memory: one history is loaded at a time. */
const LIMIT_MAX = 100_000
const LIMIT = 200

type ReplayOptions = { readonly query?: string; readonly limit: number }

export function addReplay(program: Command, stage: Stage): void {
  const { terminal } = stage
  program
    .command('replay')
    .summary('replay what runs now with the present code, before a deploy')
    .description(
      'Reads histories from Temporal and runs the present workflow code over them. It changes nothing, and needs TEMPORAL_… alone. Ends with 1 when the code would decide otherwise in a run, or when no run was found.',
    )
    .option('--query <query>', 'which runs, as the Temporal UI searches; those that run without it')
    .option(
      '--limit <number>',
      'how many at most, those that began last first',
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
        if (replayed === 0)
          terminal.tell('Nothing was found, so nothing is known: is the query right?\n')
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
