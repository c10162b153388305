import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createLogger } from '../../../adapters/telemetry/logger.ts'
import { createInboxPumps, GATHER_MS } from '../../../sync/inbox/pump.ts'

const logger = createLogger({ level: 'silent', name: 'test' })

/** Pumps that record their rounds. A test can hold a round open. */
function pumps(round = () => Promise.resolve()) {
  const rounds: { queue: string; at: number }[] = []
  const queue = (name: string) => async () => {
    rounds.push({ queue: name, at: performance.now() })
    await round()
    return 1
  }
  const created = createInboxPumps(
    {
      forwardStripeEvents: queue('facts'),
      forwardUsageAlerts: async () => 0,
      mirrorInvoiceEvents: queue('invoices'),
      logger,
    },
    () => new Date(),
  )
  return { ...created, rounds, queues: () => rounds.map((each) => each.queue) }
}

describe('an event in the inbox', () => {
  test('in a burst shares one round with the others', async () => {
    const pump = pumps()
    for (let count = 0; count < 50; count++) pump.changed('customer.subscription.updated')
    await pump.idle()
    expect(pump.queues()).toEqual(['facts'])
  })

  test('waits no longer than a burst takes, even if more events keep arriving', async () => {
    const pump = pumps()
    const from = performance.now()
    while (pump.rounds.length === 0) {
      pump.changed('customer.subscription.updated')
      await wait(1)
    }
    // Ten times as long, for a busy machine.
    expect(pump.rounds[0]!.at - from).toBeLessThan(GATHER_MS * 10)
    await pump.idle()
  })

  test('from a checkout page is processed immediately, even while others wait', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const pump = pumps(() => held)
    pump.changed('customer.subscription.updated')
    pump.changed('checkout.session.completed')
    const waited = wait(GATHER_MS).then(() => 'waited')
    const processed = (async () => {
      while (pump.rounds.length === 0) await wait(0)
      return 'processed'
    })()
    expect(await Promise.race([processed, waited])).toBe('processed')
    release()
    await pump.idle()
  })

  test('that arrives during a round is in the next one', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const pump = pumps(() => held)
    pump.changed('checkout.session.completed')
    while (pump.rounds.length === 0) await wait(0)
    pump.changed('customer.subscription.updated')
    release()
    await pump.idle()
    expect(pump.queues()).toEqual(['facts', 'facts'])
  })

  test('does not wait for the end of a long round, of which at most three run at once', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const pump = pumps(() => held)
    for (const rounds of [1, 2, 3]) {
      pump.changed('checkout.session.completed')
      while (pump.rounds.length < rounds) await wait(0)
    }
    pump.changed('checkout.session.completed')
    await wait(0)
    expect(pump.rounds).toHaveLength(3)
    release()
    await pump.idle()
    expect(pump.rounds).toHaveLength(4)
  })

  test('about an invoice never delays a fact', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const rounds: string[] = []
    const pump = createInboxPumps(
      {
        forwardStripeEvents: async () => rounds.push('facts'),
        forwardUsageAlerts: async () => 0,
        mirrorInvoiceEvents: async () => {
          rounds.push('invoices')
          await held
          return 1
        },
        logger,
      },
      () => new Date(),
    )
    pump.changed('invoice.paid')
    while (rounds.length === 0) await wait(1)
    pump.changed('customer.subscription.updated')
    while (rounds.length === 1) await wait(1)
    expect(rounds).toEqual(['invoices', 'facts'])
    release()
    await pump.idle()
  })

  test('is processed again after a failed round', async () => {
    let count = 0
    const pump = pumps(() =>
      count++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve(),
    )
    pump.changed('customer.subscription.updated')
    await pump.idle()
    pump.changed('customer.subscription.updated')
    await pump.idle()
    expect(pump.queues()).toEqual(['facts', 'facts'])
  })
})
