import type { Invariant } from './all.ts'

const INPUT = { cause: 'lives', scope: 'all', dryRun: false, repairsMax: 100 } as const

/** A full comparison finds nothing to repair, the second time at the latest. */
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
    : [`the second comparison found ${found} and repaired ${repaired}`]
}
