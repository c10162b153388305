import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { postgresAccount } from '../../dev/postgres/account.ts'
import { postgresBinaries } from '../../dev/postgres/binaries.ts'
import { STATE } from '../../dev/project.ts'
import { run } from '../../dev/run.ts'
import { findTemporalCli } from '../../dev/temporal/cli.ts'

/** The machine of a measurement; figures are meaningless without it. */
export type Machine = Readonly<Record<string, string>>

const GIB = 1_024 ** 3
const VERSION_TIMEOUT_MS = 30_000

export async function describeMachine(): Promise<Machine> {
  const [binaries, cli] = await Promise.all([
    postgresAccount().then(postgresBinaries),
    findTemporalCli({ env: process.env, directory: STATE }),
  ])
  const versionOf = async (name: string, command: string) =>
    (await run({ name, command, args: ['--version'], timeoutMs: VERSION_TIMEOUT_MS })).trim()
  return {
    at: new Date().toISOString(),
    cores: String(availableParallelism()),
    cpu: cpus()[0]?.model ?? 'unknown',
    memory: `${(totalmem() / GIB).toFixed(1)} GiB`,
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    postgres: await versionOf('postgres', binaries.postgres),
    temporal: cli.version,
    'load average before': loadavg()
      .map((each) => each.toFixed(2))
      .join(', '),
  }
}
