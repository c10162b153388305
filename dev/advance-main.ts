import { setTimeout as wait } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import pg from 'pg'
import { z } from 'zod'
import { boundary, type Unit } from '../domain/calendar.ts'
import { openStackClock } from './clock.ts'
import { readStackFile } from './stack-file.ts'
import { askDatabase, travel } from './travel.ts'

const USAGE = 'Say how far: npm run advance -- 1 month (or 3 hours, 10 days, 2 weeks, 1 year)'
/** Ten years of renewals take minutes; more is a slip of the finger. */
const COUNT_MAX = 3_650
/** Events are taken in within milliseconds; what is not by then waits for something that time does not bring. */
const SETTLE_MAX_MS = 15_000
const SETTLE_POLL_MS = 50

const state = z.object({ next_due_at: z.iso.datetime().nullable() })

function parse(words: readonly string[]): { count: number; unit: Unit } | undefined {
  const [, count, unit] = /^(\d+) ?(hour|day|week|month|year)s?$/.exec(words.join(' ')) ?? []
  const known = (['hour', 'day', 'week', 'month', 'year'] as const).find((each) => each === unit)
  const many = Number(count)
  return known === undefined || many < 1 || many > COUNT_MAX
    ? undefined
    : { count: many, unit: known }
}

async function advance({ count, unit }: { count: number; unit: Unit }): Promise<void> {
  const stack = await readStackFile()
  if (stack.simulatorUrl === undefined)
    throw new Error('Time travels with the simulator only, not with real Stripe.')
  const knobs = `${stack.simulatorUrl}/_simulator`
  const clock = openStackClock(stack.clockFile)
  const database = new pg.Client({ connectionString: stack.databaseUrl })
  const connection = await Connection.connect({ address: stack.temporalAddress })
  await database.connect()
  const from = clock.now()
  try {
    await travel(
      {
        now: clock.now,
        moveTo: async (instant) =>
          clock.advance(Math.max(0, instant.getTime() - clock.now().getTime())),
        client: new Client({ connection, namespace: stack.temporalNamespace }),
        ...askDatabase(database),
        stripe: {
          nextDueAt: async () => {
            const { next_due_at: due } = state.parse(await (await fetch(`${knobs}/state`)).json())
            if (due !== null) console.log(`  next at Stripe: ${due}`)
            return due === null ? undefined : new Date(due)
          },
          settle: async () => {
            const answer = await fetch(`${knobs}/settle`, { method: 'POST' })
            if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`)
          },
        },
        settled: () => settled(database),
      },
      boundary(from, unit, count),
    )
  } finally {
    await database.end()
    await connection.close()
  }
  console.log(`It was ${from.toISOString()}, it is ${clock.now().toISOString()}.`)
}

async function settled(database: pg.Client): Promise<void> {
  const deadline = Date.now() + SETTLE_MAX_MS
  for (;;) {
    const { rowCount } = await database.query(
      `select from stripe_events where state in ('received', 'forwarded') limit 1`,
    )
    if (rowCount === 0) return
    if (Date.now() > deadline) {
      console.log('  some events still wait in the inbox; going on')
      return
    }
    await wait(SETTLE_POLL_MS)
  }
}

const distance = parse(process.argv.slice(2))
if (distance === undefined) {
  console.error(USAGE)
  process.exit(1)
}
await advance(distance)
