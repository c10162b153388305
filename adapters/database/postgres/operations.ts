import { sql, type Kysely, type RawBuilder } from 'kysely'
import { Json, type Arguments, type Operations } from '../operations/port.ts'
import type { Database } from '../tables/schema.ts'

/** Operations over a connection, with named arguments: `select * from name(p_a => $1)`. */
export function createPostgresOperations(db: Kysely<Database>): Operations {
  const rows = async <Row>(operation: string, given: Arguments): Promise<Row[]> =>
    (await call<Row>(operation, given).execute(db)).rows
  const values = async <Value>(operation: string, given: Arguments) =>
    (await rows<Record<string, Value>>(operation, given)).flatMap((row) => row[operation] ?? [])
  return {
    rows,
    values,
    value: async (operation, given) =>
      (await rows<Record<string, never>>(operation, given))[0]?.[operation] ?? null,
    run: async (operation, given) => {
      await rows(operation, given)
    },
  }
}

const call = <Row>(operation: string, given: Arguments): RawBuilder<Row> =>
  sql<Row>`select * from ${sql.id(operation)}(${sql.join(
    Object.entries(given).map(([name, value]) => sql`${sql.id(name)} => ${parameter(value)}`),
  )})`

const parameter = (value: Arguments[string]) =>
  value instanceof Json ? JSON.stringify(value.value) : value
