import { databaseOfCommand } from './command-database.ts'
import { migrate } from './migrate.ts'
import { seed } from './seed.ts'

const databaseUrl = databaseOfCommand()
const applied = await migrate(databaseUrl)
await seed({ databaseUrl, now: new Date(), developmentKeys: false })
console.log(applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`)
