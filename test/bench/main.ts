import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PROJECT } from '../../dev/project.ts'
import { describeMachine } from './machine.ts'
import { plotOf } from './plot.ts'
import type { Findings } from './section.ts'
import { SETTING } from './setting.ts'
import { checkouts } from './sections/checkouts.ts'
import { floods } from './sections/floods.ts'
import { growth } from './sections/growth.ts'
import { memory } from './sections/memory.ts'
import { recovery } from './sections/recovery.ts'
import { renewal } from './sections/renewal.ts'
import { stack } from './sections/stack.ts'
import { supabase } from './sections/supabase.ts'
import { usage } from './sections/usage.ts'
import { webhooks } from './sections/webhooks.ts'
import { worker } from './sections/worker.ts'
import { budgetsTable, figuresTable } from './table.ts'

/**
 * Measures all budgets, each relative to its bare reference of the same run: `npm run bench`. For single sections:
 * `-- usage webhooks`; including the long ones: `-- --all`. For one part of a section that has several, such as one flood:
 * `-- floods --only stripe-pace`.
 */
const SECTIONS = [
  usage,
  webhooks,
  checkouts,
  floods,
  memory,
  renewal,
  recovery,
  worker,
  stack,
  growth,
  supabase,
]
const RESULTS = join(PROJECT, 'bench-results')

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const unknown = positionals.filter((wanted) => !SECTIONS.some(({ name }) => name === wanted))
if (unknown.length > 0)
  throw new Error(
    `no section ${unknown.join(', ')}: there are ${SECTIONS.map(({ name }) => name).join(', ')}`,
  )
const chosen = SECTIONS.filter(({ name, isLong }) =>
  positionals.length > 0 ? positionals.includes(name) : values.all || isLong !== true,
)

const machine = await describeMachine()
const measured: (Findings & { readonly name: string })[] = []
for (const { name, measure } of chosen) {
  const findings = await measure(values.only)
  measured.push({ name, ...findings })
  if (findings.figures.length > 0) console.log(`${name}\n\n${figuresTable(findings.figures)}\n`)
}
console.log(`${budgetsTable(measured)}\n`)
for (const [what, value] of Object.entries(machine)) console.log(`${what}: ${value}`)
console.log(
  'Load, service and Postgres share these cores; other work on them distorts the ratios. Each commit of usage and of ' +
    'webhooks is on the disk.',
)
await mkdir(RESULTS, { recursive: true })
const file = join(RESULTS, machine['at']?.replaceAll(':', '-') ?? '')
await writeFile(`${file}.json`, JSON.stringify({ machine, setting: SETTING, measured }, null, 2))
const curves = measured.flatMap(({ growth: own }) => own ?? [])
if (curves.length > 0) await writeFile(`${file}.svg`, plotOf(curves, machine))
console.log(`Written to ${file}.json${curves.length > 0 ? ' and .svg' : ''}`)
