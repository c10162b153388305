import { patched, proxyActivities } from '@temporalio/workflow'
import type { ExampleSteps } from './contract.ts'

const { remind, charge } = proxyActivities<ExampleSteps>({ startToCloseTimeout: '5 seconds' })

/**
 * The next release charges first. Runs that started before keep their decisions; once all of them have ended, the
 * condition becomes `deprecatePatch('charge-first')`, and a release later it is removed.
 */
export async function Example(): Promise<void> {
  if (patched('charge-first')) {
    await charge()
    await remind('mail')
    return
  }
  await remind('letter')
  await charge()
}
