import { logOf, startProcess, statePath, type StackContext } from '../context.ts'
import { STATE } from '../project.ts'
import { findTemporalCli } from '../temporal/cli.ts'
import { startTemporal } from '../temporal/server.ts'

/** The server's address (host and port), and its kind in words; `uiUrl` is undefined for the developer's own server. */
export type TemporalPart = {
  readonly address: string
  readonly uiUrl: string | undefined
  readonly detail: string
}

/** Temporal: ours with its UI, or the developer's if TEMPORAL_ADDRESS is set. */
export async function startTemporalPart(context: StackContext): Promise<TemporalPart> {
  const { TEMPORAL_ADDRESS: given, TEMPORAL_NAMESPACE: namespace } = context.environment
  if (given !== undefined) {
    // Loading Temporal's client takes longer than starting the server, so it is loaded only if needed.
    const [{ registerSearchAttributes }, { temporalConfig }] = await Promise.all([
      import('../temporal/register.ts'),
      import('../../assembly/temporal-environment.ts'),
    ])
    await registerSearchAttributes(temporalConfig(process.env), namespace)
    return { address: given, uiUrl: undefined, detail: 'TEMPORAL_ADDRESS' }
  }
  // All stacks and tests of this project share one copy of the CLI.
  const cli = await findTemporalCli({ env: process.env, directory: STATE })
  const { temporal: port, temporalUi: uiPort } = context.ports
  const databaseFile = statePath(context, 'temporal.db')
  const onLine = logOf(context, 'temporal')
  await startProcess(context, 'Temporal', () =>
    startTemporal({ cli: cli.path, port, uiPort, databaseFile, namespace, onLine }),
  )
  return {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://localhost:${uiPort}`,
    detail: `CLI ${cli.version} (${cli.source})`,
  }
}
