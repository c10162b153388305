import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { audit } from '../../adapters/postgres/audit.ts'
import { PROJECT } from '../../dev/project.ts'
import { budgets } from './budgets.ts'
import { overshoot } from './customers.ts'
import { openBenchDatabase } from './database.ts'
import { prepare, type Round } from './round.ts'
import { SETTING } from './setting.ts'
import { budgetsTable, figuresTable } from './table.ts'

const RESULTS = join(PROJECT, 'bench-results')

const { url, pool, stop } = await openBenchDatabase({ connectionsMax: 20 })
try {
  const bench = await prepare(url, pool)
  const rounds: Round[] = []
  for (let i = 1; i <= SETTING.rounds; i++) {
    console.error(`round ${i} of ${SETTING.rounds}`)
    rounds.push(await bench.round())
  }
  await bench.useUpSmallQuota()
  await bench.stop()
  const beyond = await overshoot(pool)
  if ((await audit(url)).length > 0) throw new Error('counters disagree with their ledger')
  await report(rounds, beyond)
} finally {
  await stop()
}

async function report(rounds: readonly Round[], beyond: number) {
  const of = (name: string) => median(rounds.map((round) => round[name] ?? NaN))
  const promised = budgets(of, beyond)
  console.log(figuresTable(of, of('echo')))
  console.log(`\n${budgetsTable(promised)}`)
  console.log(
    `\nMedians of ${rounds.length} rounds on ${availableParallelism()} cores, shared by load, API and Postgres; ` +
      'each commit on the disk. Every counter is the sum of its ledger. ' +
      `Load average ${loadavg()[0]?.toFixed(1)}: other work on these cores distorts the ratios.`,
  )
  await mkdir(RESULTS, { recursive: true })
  const file = join(RESULTS, `${new Date().toISOString().replaceAll(':', '-')}.json`)
  await writeFile(file, JSON.stringify({ setting: SETTING, rounds, budgets: promised }, null, 2))
  console.log(`Written to ${file}`)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}
