import { proxyActivities } from '@temporalio/workflow'
import type { ExampleSteps } from './contract.ts'

const { remind, charge } = proxyActivities<ExampleSteps>({ startToCloseTimeout: '5 seconds' })

/** The same change without `patched`: it must never be released. */
export async function Example(): Promise<void> {
  await charge()
  await remind('mail')
}
