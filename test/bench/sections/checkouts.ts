import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation } from '@temporalio/client'
import { bare, open, paid } from '../bare-workflow.ts'
import { startBilling, type Billing } from '../billing.ts'
import { ratio } from '../budgets.ts'
import { startBareWorker } from '../processes.ts'
import { inRounds, mediansOf, type Section } from '../section.ts'
import { atOnce, openShop } from '../shop.ts'

const ROUNDS = 3
/** Purchases of one round, and parallel buyers. */
const PURCHASES = 100
const AT_ONCE = 20

/** Time from the purchase's call to the active subscription, relative to Temporal's bare messages for it. */
export const checkouts: Section = {
  name: 'checkouts',
  async measure() {
    const billing = await startBilling()
    const shop = await openShop(billing)
    const taskQueue = `bare-${randomUUID()}`
    const bareWorker = await startBareWorker(billing.temporalAddress, taskQueue)
    try {
      await shop.sell(AT_ONCE)
      await barely(billing, taskQueue, AT_ONCE)
      const rounds = await inRounds('checkouts', ROUNDS, async () => ({
        bare: await perSecond(() => barely(billing, taskQueue, PURCHASES)),
        free: await perSecond(() => billing.start(PURCHASES)),
        sold: await perSecond(() => shop.sell(PURCHASES)),
      }))
      const of = mediansOf(rounds)
      return {
        figures: [
          { name: 'bare workflow: update, signal, two activities', value: of('bare'), unit: '/s' },
          { name: 'free plans begun', value: of('free'), unit: '/s' },
          {
            name: 'plans bought: page, payment, webhook, active',
            value: of('sold'),
            unit: '/s',
          },
        ],
        budgets: [
          ratio('checkouts activated, free plan, to a bare workflow', of('free'), of('bare'), 0.7),
          ratio('checkouts activated, paid plan, to a bare workflow', of('sold'), of('bare'), 0.7),
        ],
        rounds,
      }
    } finally {
      await Promise.all([bareWorker.stop(), shop.close()])
      await billing.close()
    }
  },
}

async function perSecond(run: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await run()
  return (PURCHASES / (performance.now() - began)) * 1_000
}

const barely = ({ container }: Billing, taskQueue: string, count: number) =>
  atOnce(AT_ONCE, count, async () => {
    const { workflow } = container.temporal.client
    const workflowId = randomUUID()
    const startWorkflowOperation = new WithStartWorkflowOperation(bare, {
      workflowId,
      taskQueue,
      workflowIdConflictPolicy: 'FAIL',
    })
    await workflow.executeUpdateWithStart(open, { startWorkflowOperation })
    const handle = workflow.getHandle(workflowId)
    await handle.signal(paid)
    await handle.result()
  })
