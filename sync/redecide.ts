import { factsOfRecord } from '../domain/decision/decision-record.ts'
import { redecide } from '../domain/decision/redecide.ts'
import { createReport, type RedecideReport } from '../domain/decision/report.ts'
import type { DecisionCursor } from '../domain/decision/repository.ts'
import type { Repositories } from '../domain/repositories.ts'

/** Decisions in memory at a time; each has about ten kilobytes there. */
const BATCH_MAX = 500

/** Which decisions are made again. */
export type RedecideOptions = {
  readonly since: Date
  /** The most decisions, oldest first. */
  readonly limit: number
  /** Only those of this rule; all if undefined. */
  readonly rule: string | undefined
  /** Names of expected differences: `<rule> <part>`. */
  readonly accepted: ReadonlySet<string>
  readonly onDecided: (count: number) => void
}

/** Makes recorded decisions again with this build, in batches, and reports what it decides otherwise. Changes nothing. */
export async function redecideRecorded(
  { decisions, plans }: Pick<Repositories, 'decisions' | 'plans'>,
  { since, limit, rule, accepted, onDecided }: RedecideOptions,
): Promise<RedecideReport> {
  const report = createReport(accepted)
  let after: DecisionCursor | undefined
  for (let read = 0; read < limit;) {
    const batch = await decisions.list({ since, after, limit: Math.min(BATCH_MAX, limit - read) })
    for (const decision of batch.filter((each) => rule === undefined || each.rule === rule)) {
      const { record } = decision
      report.add(decision, redecide(await factsOfRecord(record, plans), record.outcome))
    }
    after = batch.at(-1)
    read += batch.length
    onDecided(read)
    if (after === undefined || batch.length < BATCH_MAX) break
  }
  return report.result()
}
