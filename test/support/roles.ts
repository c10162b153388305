import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The roles of docs/roles.sql, so that tests run with the privileges of a deployment. */
const FILE = join(import.meta.dirname, '../../docs/roles.sql')
const PASSWORD = 'perennial_tests'
/** Owns the tables, and so each database of the tests. */
export const OWNER = 'perennial_owner'

/** The statements of docs/roles.sql for a database, with psql's variables filled in. */
export const rolesFor = (database: string): string =>
  readFileSync(FILE, 'utf8')
    .replace(/:'(owner|service)_password'/g, `'${PASSWORD}'`)
    .replace(':"DBNAME"', database)

/** The same database, as the role that owns the tables. */
export const asOwner = (url: string): string => as(url, OWNER)
/** The same database, as the role of API and worker. */
export const asService = (url: string): string => as(url, 'perennial_service')

function as(url: string, role: string): string {
  const other = new URL(url)
  other.username = role
  other.password = PASSWORD
  return other.href
}
