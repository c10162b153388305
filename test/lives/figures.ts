import type { Act } from './acts.ts'
import type { Finding } from './finding.ts'

/** The counters of a run, summed over all towns. */
export type Figures = {
  lives: number
  steps: number
  checks: number
  days: number
  /** Days with a subscription that had not ended. */
  livingDays: number
  failures: number
  /** Findings of missing items, and findings of duplicates. */
  lost: number
  twice: number
  readonly faults: Record<string, number>
  /** Acts performed in the lives. */
  readonly acts: Record<string, number>
  /** Milliseconds from the end of a fault until oracle and service agreed again. */
  readonly converged: { readonly ms: number; readonly after: string }[]
}

export const newFigures = (): Figures => ({
  lives: 0,
  steps: 0,
  checks: 0,
  days: 0,
  livingDays: 0,
  failures: 0,
  lost: 0,
  twice: 0,
  faults: {},
  acts: {},
  converged: [],
})

export function countFaults({ faults }: Figures, kind: string, count: number): void {
  if (count > 0) faults[kind] = (faults[kind] ?? 0) + count
}

export function countAct({ acts }: Figures, { kind, ...of }: Act): void {
  const named = [kind, ...('off' in of && of.off ? ['with a discount'] : [])]
  if ('quantity' in of && (of.quantity ?? 1) > 1) named.push('several')
  const name = named.join(', ')
  acts[name] = (acts[name] ?? 0) + 1
}

export function countFindings(figures: Figures, findings: readonly Finding[]): void {
  for (const { kind } of findings) if (kind !== 'other') figures[kind] += 1
}

export const totalFaults = ({ faults }: Figures): number =>
  Object.values(faults).reduce((sum, count) => sum + count, 0)

/** The value at a percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
