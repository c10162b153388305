import { migrate } from './migrate.ts'
import { seed } from './seed.ts'

const databaseUrl = process.env['DATABASE_URL']
if (databaseUrl === undefined || databaseUrl === '') {
  console.error('DATABASE_URL is missing: postgres://user:password@host:5432/database')
  process.exit(1)
}
const applied = await migrate(databaseUrl)
await seed({ databaseUrl, now: new Date(), developmentKeys: false })
console.log(applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`)
