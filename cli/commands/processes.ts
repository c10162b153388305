import type { Command } from 'commander'

/** The two programs of production. docs/configuration.md lists their variables. */
export function addProcesses(program: Command): void {
  program
    .command('api')
    .summary('run the HTTP service, configured by the environment')
    .addHelpText('after', '\nExample:\n  $ PORT=3000 npx perennial api')
    .action(async () => {
      await import('../../api/main.ts')
    })
  program
    .command('worker')
    .summary('run workflows and activities, configured by the environment')
    .addHelpText(
      'after',
      '\nExample:\n  $ WORKFLOW_BUNDLE=dist/workflow-bundle.js npx perennial worker',
    )
    .action(async () => {
      await import('../../worker/main.ts')
    })
}
