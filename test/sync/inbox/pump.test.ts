import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createLogger } from '../../../adapters/telemetry/logger.ts'
import { createInboxPumps, GATHER_MS } from '../../../sync/inbox/pump.ts'

const logger = createLogger({ level: 'silent', name: 'test' })

/** Pumps whose rounds are counted; a test may hold a round open. */
function pumps(round = () => Promise.resolve()) {
  const rounds: { lane: string; at: number }[] = []
  const lane = (name: string) => async () => {
    rounds.push({ lane: name, at: performance.now() })
    await round()
    return 1
  }
  const made = createInboxPumps(
    {
      forwardStripeEvents: lane('facts'),
      forwardUsageAlerts: async () => 0,
      mirrorInvoiceEvents: lane('bills'),
      logger,
    },
    () => new Date(),
  )
  return { ...made, rounds, lanes: () => rounds.map((each) => each.lane) }
}

describe('what comes into the inbox', () => {
  test('in a burst is taken up in one round', async () => {
    const pump = pumps()
    for (let count = 0; count < 50; count++) pump.changed('customer.subscription.updated')
    await pump.idle()
    expect(pump.lanes()).toEqual(['facts'])
  })

  test('is waited for no longer than it takes a burst to come, though events go on coming', async () => {
    const pump = pumps()
    const from = performance.now()
    while (pump.rounds.length === 0) {
      pump.changed('customer.subscription.updated')
      await wait(1)
    }
    // Ten times the time, for a machine that does other things as well.
    expect(pump.rounds[0]!.at - from).toBeLessThan(GATHER_MS * 10)
    await pump.idle()
  })

  test('from a checkout page is taken up at once, also while others gather', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const pump = pumps(() => held)
    pump.changed('customer.subscription.updated')
    pump.changed('checkout.session.completed')
    const gathered = wait(GATHER_MS).then(() => 'gathered')
    const taken = (async () => {
      while (pump.rounds.length === 0) await wait(0)
      return 'taken'
    })()
    expect(await Promise.race([taken, gathered])).toBe('taken')
    release()
    await pump.idle()
  })

  test('while a round runs is in the next one', async () => {
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
    expect(pump.lanes()).toEqual(['facts', 'facts'])
  })

  test('of a bill holds up no fact, however long it takes', async () => {
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
          rounds.push('bills')
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
    expect(rounds).toEqual(['bills', 'facts'])
    release()
    await pump.idle()
  })

  test('is taken up again after a round that failed', async () => {
    let count = 0
    const pump = pumps(() =>
      count++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve(),
    )
    pump.changed('customer.subscription.updated')
    await pump.idle()
    pump.changed('customer.subscription.updated')
    await pump.idle()
    expect(pump.lanes()).toEqual(['facts', 'facts'])
  })
})
