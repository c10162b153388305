import type { Invariant } from './all.ts'

const INPUT = { cause: 'lives', scope: 'all', dryRun: false, repairsMax: 100 } as const

/** Comparing everything finds nothing to mend; at the latest the second time. */
export const secondComparisonIsEmpty: Invariant = async ({ container, settled }) => {
  const compare = async () => {
    const id = await container.reconciliations.start(INPUT)
    return container.reconciliations.result(id)
  }
  await compare()
  await settled()
  const { found, repaired } = await compare()
  return found + repaired === 0
    ? []
    : [`the second comparison found ${found} and mended ${repaired}`]
}
