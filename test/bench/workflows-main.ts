import { startBilling } from './billing.ts'

/** What a cached subscription costs its worker, by the resident memory of the worker's process: `npm run bench:workflows`. */
const BUDGET_KB = 400
/** Before the first reading: code, connections and the first isolates are not what a subscription costs. */
const WARM_UP = 100
/** The worker keeps 1,000 in its cache; both readings lie below that. */
const MEASURED = 800

const billing = await startBilling()
try {
  await billing.start(WARM_UP)
  const before = await billing.residentKb()
  const began = performance.now()
  await billing.start(MEASURED)
  const seconds = (performance.now() - began) / 1_000
  const each = ((await billing.residentKb()) - before) / MEASURED
  console.log('| figure | measured | promised | met |')
  console.log('| --- | --- | --- | --- |')
  console.log(
    `| resident memory per cached subscription | ${each.toFixed(0)} KB | ≤ ${BUDGET_KB} KB | ${each <= BUDGET_KB ? 'yes' : 'NO'} |`,
  )
  console.log(
    `| free subscriptions started and active | ${(MEASURED / seconds).toFixed(0)}/s | | |`,
  )
} finally {
  await billing.close()
}
