import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow'
import type * as activities from './bare-activities.ts'

/** The cost of a purchase in Temporal alone: one update, one signal and two empty activities. */
export const open = defineUpdate<string>('open')
export const paid = defineSignal('paid')

const { first, second } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

export async function bare(): Promise<void> {
  let isOpen = false
  let isPaid = false
  setHandler(paid, () => {
    isPaid = true
  })
  setHandler(open, async () => {
    const answer = await first()
    isOpen = true
    return answer
  })
  await condition(() => isOpen && isPaid)
  await second()
}
