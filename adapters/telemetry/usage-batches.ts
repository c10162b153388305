import type { BatchWatch } from '../database/operations/group-commit.ts'
import type { Telemetry } from './telemetry.ts'

/** Records batches as spans and metrics. One statement serves many requests; its span is in the trace of the first one. */
export const watchBatches = (telemetry: Telemetry): BatchWatch => ({
  arrived: () => ({ at: performance.now(), alongside: telemetry.bindTrace() }),

  run(first, size, statement) {
    if (first === undefined) return statement()
    telemetry.measure('perennial.usage.batch.size', size, {})
    telemetry.measure('perennial.usage.batch.wait', (performance.now() - first.at) / 1_000, {})
    const options = { name: 'usage batch', attributes: { 'perennial.batch.size': size } }
    return first.alongside(() => telemetry.inSpan(options, statement))
  },
})
