/** The database that a command works on; without one the command ends, saying what is missing. */
export function databaseOfCommand(): string {
  const databaseUrl = process.env['DATABASE_URL']
  if (databaseUrl !== undefined && databaseUrl !== '') return databaseUrl
  console.error('DATABASE_URL is missing: postgres://user:password@host:5432/database')
  return process.exit(1)
}
