import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow'
import type * as activities from './bare-activities.ts'

/** What a purchase costs Temporal itself: one update, one signal and two activities that do nothing. */
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
