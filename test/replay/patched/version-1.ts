import { proxyActivities } from '@temporalio/workflow'
import type { ExampleSteps } from './contract.ts'

const { remind, charge } = proxyActivities<ExampleSteps>({ startToCloseTimeout: '5 seconds' })

/** As released: it reminds, then charges. */
export async function Example(): Promise<void> {
  await remind('letter')
  await charge()
}
