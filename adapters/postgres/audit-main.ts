import { audit, DISAGREEMENTS_MAX, sentenceOf } from './audit.ts'
import { databaseOfCommand } from './command-database.ts'

const found = await audit(databaseOfCommand())
for (const each of found) console.log(sentenceOf(each))
const count = found.length === DISAGREEMENTS_MAX ? `${DISAGREEMENTS_MAX} or more` : found.length
console.log(
  found.length === 0
    ? 'Every counter is the sum of its ledger.'
    : `${count} counters disagree with their ledger.`,
)
process.exitCode = found.length === 0 ? 0 : 1
