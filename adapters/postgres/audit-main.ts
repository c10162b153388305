import { audit, DISAGREEMENTS_MAX, sentenceOf } from './audit.ts'

const databaseUrl = process.env['DATABASE_URL']
if (databaseUrl === undefined || databaseUrl === '') {
  console.error('DATABASE_URL is missing: postgres://user:password@host:5432/database')
  process.exit(1)
}
const found = await audit(databaseUrl)
for (const each of found) console.log(sentenceOf(each))
const count = found.length === DISAGREEMENTS_MAX ? `${DISAGREEMENTS_MAX} or more` : found.length
console.log(
  found.length === 0
    ? 'Every counter is the sum of its ledger.'
    : `${count} counters disagree with their ledger.`,
)
process.exitCode = found.length === 0 ? 0 : 1
