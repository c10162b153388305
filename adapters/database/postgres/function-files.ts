import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'

/**
 * The callers of a function: its owner only, the service too, or also users with a token. `functions` are called by other
 * functions only, with the grants of the service.
 */
const CALLERS = ['owner', 'functions', 'service', 'service, users'] as const
export type Callers = (typeof CALLERS)[number]

/** A file of `migrations/functions`: one function with all its overloads. */
export type FunctionFile = {
  /** The function's name. */
  readonly name: string
  /** Below `migrations`. */
  readonly path: string
  readonly text: string
  readonly hash: string
}

/** Drops functions that no release calls any more. Not a function itself, but applied by its hash like one. */
const RETIRED = 'retired'

/** All function files, in the order in which they are applied: aggregates need their functions, and drops come last. */
export async function functionFiles(migrations: URL): Promise<FunctionFile[]> {
  const folder = new URL('functions/', migrations)
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.sql'))
  const files = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(new URL(path, folder), 'utf8')
      const name = path.replace(/^.*\//, '').replace(/\.sql$/, '')
      const hash = createHash('sha256').update(text).digest('hex')
      return { name, path: `functions/${path}`, text, hash }
    }),
  )
  const place = ({ name, text }: FunctionFile) =>
    name === RETIRED ? 2 : text.includes('create or replace aggregate') ? 1 : 0
  return files.toSorted((a, b) => place(a) - place(b) || a.path.localeCompare(b.path))
}

/**
 * Creates the functions that triggers, indexes and policies of tables need, so that a numbered migration can use them.
 * Only those that the database does not have yet: present ones change after the migrations, with all others.
 */
export async function createFunctionsForTables(
  client: pg.ClientBase,
  pending: readonly FunctionFile[],
): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select name from schema_functions')
  const present = new Set(rows.map(({ name }) => name))
  await inTransaction(client, async () => {
    for (const file of pending)
      if (/^-- needed by: tables$/m.test(file.text) && !present.has(file.name))
        await run(client, file)
  })
}

/**
 * Applies function files with their grants, all in one transaction: callers see either all old functions or all new ones.
 * No tables are locked. Bodies are checked after all functions exist, so their order does not matter.
 *
 * @throws Error that names the file, if one fails; then none was applied.
 */
export async function applyFunctions(
  client: pg.ClientBase,
  pending: readonly FunctionFile[],
): Promise<void> {
  await inTransaction(client, async () => {
    for (const file of pending) await run(client, file)
    await client.query('set local check_function_bodies = on')
    for (const file of pending) {
      await naming(file, () => checkAndGrant(client, file))
      await client.query(
        `insert into schema_functions (name, hash, applied_at) values ($1, $2, now())
         on conflict (name) do update set hash = excluded.hash, applied_at = excluded.applied_at`,
        [file.name, file.hash],
      )
    }
    await client.query(
      `delete from schema_functions f where f.name <> $1 and not exists (
         select from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname = f.name)`,
      [RETIRED],
    )
  })
}

/** By name, because an application may keep functions of its own in this schema. */
const FUNCTIONS_OF = `
  from pg_proc p join pg_language l on l.oid = p.prolang
  where p.pronamespace = 'public'::regnamespace and p.proname = $1`

async function checkAndGrant(client: pg.ClientBase, { name, text }: FunctionFile): Promise<void> {
  await client.query(`select fmgr_sql_validator(p.oid) ${FUNCTIONS_OF} and l.lanname = 'sql'`, [
    name,
  ])
  await client.query(`select plpgsql_validator(p.oid) ${FUNCTIONS_OF} and l.lanname = 'plpgsql'`, [
    name,
  ])
  const { rows } = await client.query<{ signature: string; has_roles: boolean }>(
    `select p.oid::regprocedure::text as signature, has_api_roles() as has_roles, close_function(p.oid) ${FUNCTIONS_OF}`,
    [name],
  )
  if (rows.length === 0 && name !== RETIRED) throw new Error(`there is no function ${name}`)
  const callers = callersOf(text)
  for (const { signature, has_roles } of rows) {
    if (!has_roles) continue
    if (callers === 'owner')
      await client.query(`revoke all on function ${signature} from service_role`)
    if (callers === 'service, users')
      await client.query(`grant execute on function ${signature} to authenticated`)
  }
}

/** The attributes that a function file names in a line `-- <name>: <value>` above its comment. */
export const lineOf = (text: string, name: string): string | undefined =>
  new RegExp(`^-- ${name}: (.*)$`, 'm').exec(text)?.[1]

/**
 * Reads the line `-- callers:` of a function file; without one, `service`.
 *
 * @throws Error for an unknown value.
 */
export function callersOf(text: string): Callers {
  const callers = lineOf(text, 'callers') ?? 'service'
  const known = CALLERS.find((each) => each === callers)
  if (known === undefined) throw new Error(`unknown callers: ${callers}`)
  return known
}

const run = (client: pg.ClientBase, file: FunctionFile) =>
  naming(file, () => client.query(file.text))

async function naming(file: FunctionFile, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    throw new Error(`${file.path} failed: ${String(cause)}`, { cause })
  }
}

async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('begin')
  try {
    // Functions may call each other, and those for tables come before the tables.
    await client.query('set local check_function_bodies = off')
    await work()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
