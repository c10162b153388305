import { patched, proxyActivities } from '@temporalio/workflow'
import type { ExampleSteps } from './contract.ts'

const { remind, charge } = proxyActivities<ExampleSteps>({ startToCloseTimeout: '5 seconds' })

/**
 * The next release charges first. Runs that began before still decide as they did; once none of them is left, the
 * condition becomes `deprecatePatch('charge-first')`, and a release later it goes.
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
