import type { BatchWatch } from '../database/operations/group-commit.ts'
import type { Telemetry } from './telemetry.ts'

/** Batches as spans and figures. A statement belongs to many requests: it is shown in the trace of the first. */
export const watchBatches = (telemetry: Telemetry): BatchWatch => ({
  arrived: () => ({ at: performance.now(), alongside: telemetry.alongside() }),

  run(first, size, statement) {
    if (first === undefined) return statement()
    telemetry.measure('perennial.usage.batch.size', size, {})
    telemetry.measure('perennial.usage.batch.wait', (performance.now() - first.at) / 1_000, {})
    const given = { name: 'usage batch', attributes: { 'perennial.batch.size': size } }
    return first.alongside(() => telemetry.span(given, statement))
  },
})
