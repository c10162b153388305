import { audit, DISAGREEMENTS_MAX } from './audit.ts'

const databaseUrl = process.env['DATABASE_URL']
if (databaseUrl === undefined || databaseUrl === '') {
  console.error('DATABASE_URL is missing: postgres://user:password@host:5432/database')
  process.exit(1)
}
const windows = await audit(databaseUrl)
for (const { subscription_id, feature, window_start, used_amount, ledger_amount } of windows)
  console.log(
    `${subscription_id} ${feature} from ${window_start.toISOString()}: counted ${used_amount}, in the ledger ${ledger_amount}`,
  )
const count = windows.length === DISAGREEMENTS_MAX ? `${DISAGREEMENTS_MAX} or more` : windows.length
console.log(
  windows.length === 0
    ? 'Every counter is the sum of its ledger.'
    : `${count} windows disagree with their ledger.`,
)
process.exitCode = windows.length === 0 ? 0 : 1
