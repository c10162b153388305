import { setTimeout as wait } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import pg from 'pg'
import { z } from 'zod'
import { openStackClock } from './clock.ts'
import type { StackFile } from './stack-file.ts'
import { askDatabase, travel } from './travel.ts'

/** Events and e-mails take milliseconds to seconds; anything slower waits for something that time does not bring. */
const SETTLE_MAX_MS = 15_000
const SETTLE_POLL_MS = 50

const state = z.object({ next_due_at: z.iso.datetime().nullable() })

/** The time of a running stack, and the way to advance it. */
export type StackTravel = {
  readonly now: () => Date
  readonly to: (target: Date) => Promise<void>
  /** Resolves when every Stripe event is stored and every e-mail tried, or after the time limit for stuck ones. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Advances the time of a running stack.
 * @param say receives a line for each change on the way.
 * @throws if the stack uses real Stripe, whose clock cannot be advanced.
 */
export async function openStackTravel(
  stack: StackFile,
  say: (line: string) => void,
): Promise<StackTravel> {
  if (stack.simulatorUrl === undefined)
    throw new Error('Only the simulator can fast-forward time, not real Stripe.')
  const knobs = `${stack.simulatorUrl}/_simulator`
  const clock = openStackClock(stack.clockFile)
  const database = new pg.Client({ connectionString: stack.databaseUrl })
  const connection = await Connection.connect({ address: stack.temporalAddress })
  await database.connect()
  const settle = async () => {
    const answer = await fetch(`${knobs}/settle`, { method: 'POST' })
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`)
  }
  const settled = () => whenSettled(database, say)
  const travellers = {
    now: clock.now,
    moveTo: async (instant: Date) =>
      clock.advance(Math.max(0, instant.getTime() - clock.now().getTime())),
    client: new Client({ connection, namespace: stack.temporalNamespace }),
    ...askDatabase(database),
    stripe: {
      nextDueAt: async () => {
        const { next_due_at: due } = state.parse(await (await fetch(`${knobs}/state`)).json())
        if (due !== null) say(`next at Stripe: ${due}`)
        return due === null ? undefined : new Date(due)
      },
      settle,
    },
    settled,
  }
  return {
    now: clock.now,
    to: (target) => travel(travellers, target),
    settled: async () => {
      await settle()
      await settled()
    },
    close: async () => {
      await database.end()
      await connection.close()
    },
  }
}

async function whenSettled(database: pg.Client, say: (line: string) => void): Promise<void> {
  const deadline = Date.now() + SETTLE_MAX_MS
  for (;;) {
    const { rowCount } = await database.query(
      `select from stripe_events where state in ('received', 'forwarded')
       union all select from notices where state = 'pending' and attempts = 0
       limit 1`,
    )
    if (rowCount === 0) return
    if (Date.now() > deadline) return say('some events or e-mails still wait; continuing')
    await wait(SETTLE_POLL_MS)
  }
}
