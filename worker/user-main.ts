import { parseArgs } from 'node:util'
import { eraseUser } from '../adapters/erasure.ts'
import { commonEnvironment, containerConfig, parseEnvironment } from '../adapters/environment.ts'
import { databaseOfCommand } from '../adapters/postgres/command-database.ts'
import type { Erased, Refused } from '../adapters/postgres/user-erasure.ts'
import { exportUser } from '../adapters/postgres/user-export.ts'
import { createStripeClient } from '../adapters/stripe/client.ts'
import { createTemporalClient } from '../adapters/temporal/connection.ts'
import { isUserId } from '../domain/ids.ts'

const USAGE = `npm run user -- export <user id> > user.jsonl
npm run user -- erase <user id> --yes

Erasing cannot be taken back. Their subscriptions must be over; Stripe's customer is deleted with it.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { yes: { type: 'boolean', default: false } },
})
const [command, userId] = positionals
if (userId === undefined || !isUserId(userId) || !isKnown(command)) fail(USAGE)
else if (command === 'export') await exportTo(userId)
else if (!values.yes) fail(`This erases ${userId} for good: add --yes.`)
else await erase(userId)

function isKnown(word: string | undefined): word is 'export' | 'erase' {
  return word === 'export' || word === 'erase'
}

function fail(words: string): void {
  console.error(words)
  process.exitCode = 1
}

async function exportTo(of: string): Promise<void> {
  let lines = 0
  for await (const line of exportUser(databaseOfCommand(), of)) {
    if (!process.stdout.write(`${line}\n`))
      await new Promise((resolve) => process.stdout.once('drain', resolve))
    lines++
  }
  if (lines === 0) fail(`Nothing is known of ${of}.`)
  else console.error(`${lines} rows. What Stripe holds is exported in its dashboard.`)
}

async function erase(of: string): Promise<void> {
  const environment = parseEnvironment(commonEnvironment, process.env)
  const config = containerConfig('user', environment)
  const temporal = createTemporalClient(config.temporal)
  const stripe = createStripeClient(config.stripe)
  try {
    const parts = { databaseUrl: databaseOfCommand(), stripe, temporal: temporal.client }
    tell(of, await eraseUser(parts, of, new Date()))
  } finally {
    await temporal.close()
  }
}

function tell(of: string, outcome: Erased | Refused): void {
  switch (outcome.kind) {
    case 'unknown':
      return fail(`Nothing is known of ${of}.`)
    case 'live':
      return fail(
        `${of} has subscriptions that go on: ${outcome.subscriptionIds.join(', ')}. Cancel them now, then repeat.`,
      )
    case 'erased': {
      const changed = Object.entries(outcome.rows).filter(([, count]) => count > 0)
      console.log(`Erased. What is kept for the books is kept for ${outcome.alias}.`)
      console.log(changed.map(([table, count]) => `  ${table}: ${count}`).join('\n'))
    }
  }
}
