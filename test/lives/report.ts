import { percentile, totalFaults, type Figures } from './figures.ts'

type Run = {
  readonly seconds: number
  readonly seed: number
  readonly years: number
  readonly towns: number
}

const DAYS_PER_YEAR = 365.25
const ms = (value: number) => `${Math.round(value)} ms`

/** The figures of a run, in the format of `docs/proof.md`. */
export function reportOf(figures: Figures, { seconds, seed, years, towns }: Run): string {
  const times = figures.converged.map((each) => each.ms)
  const slowest = figures.converged.toSorted((a, b) => b.ms - a.ms)[0]
  const rows: readonly (readonly [string, string | number])[] = [
    ['seeds, length of the run', `${seed}–${seed + towns - 1}, ${Math.round(seconds)} s`],
    ['lives, of so many virtual years', `${figures.lives}, ${years}`],
    ['virtual years in all', Math.round(figures.lives * years)],
    ['of them with a living subscription', Math.round(figures.livingDays / DAYS_PER_YEAR)],
    ['steps (calls, payments, acts at Stripe)', figures.steps],
    ['comparisons with the oracle', figures.checks],
    ['lives that differed, invariants that broke', figures.failures],
    ['lost', figures.lost],
    ['doubled', figures.twice],
    ['faults', totalFaults(figures)],
    ['time to converge: p50', ms(percentile(times, 0.5))],
    ['time to converge: p99', ms(percentile(times, 0.99))],
    [
      'time to converge: max',
      slowest === undefined ? '–' : `${ms(slowest.ms)}, after: ${slowest.after}`,
    ],
  ]
  const faults = sorted(figures.faults)
  const acts = sorted(figures.acts)
  return [
    table(['figure', 'measured'], rows),
    table(['fault', 'times'], faults),
    table(['what was done', 'times'], acts),
  ].join('\n\n')
}

const sorted = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).toSorted(([a], [b]) => a.localeCompare(b))

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
