import type { Act } from './acts.ts'
import type { Finding } from './finding.ts'

/** What a run counts, over all its towns. */
export type Figures = {
  lives: number
  steps: number
  checks: number
  days: number
  /** Days that were lived with a subscription that is not over. */
  livingDays: number
  failures: number
  /** Findings in which something was missing, and those in which something was there too often. */
  lost: number
  twice: number
  readonly faults: Record<string, number>
  /** What was done in the lives. */
  readonly acts: Record<string, number>
  /** From the end of a fault until somebody's both sides agreed again, in milliseconds. */
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

/** The value that a share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
