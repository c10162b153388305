import { sql, type Kysely, type RawBuilder } from 'kysely'
import { Json } from '../operations/json.ts'
import type {
  ElementOf,
  Given,
  Operations,
  ValueOf,
  ValueOperation,
  ValuesOperation,
} from '../operations/port.ts'
import type { Database } from '../tables/schema.ts'

/** Operations over a connection, with named arguments: `select * from name(p_a => $1)`. A result without columns has its name. */
export function createPostgresOperations(db: Kysely<Database>): Operations {
  const rows = async <Row>(operation: string, given: object): Promise<Row[]> =>
    (await call<Row>(operation, given).execute(db)).rows
  return {
    rows,
    async value<Name extends ValueOperation>(operation: Name, given: Given<Name>) {
      const [row] = await rows<Record<Name, ValueOf<Name>>>(operation, given)
      if (row === undefined) throw new Error(`${operation} returned no value`)
      return row[operation]
    },
    async values<Name extends ValuesOperation>(operation: Name, given: Given<Name>) {
      const found = await rows<Record<Name, ElementOf<Name>>>(operation, given)
      return found.map((row) => row[operation])
    },
    run: async (operation, given) => {
      await rows(operation, given)
    },
  }
}

const call = <Row>(operation: string, given: object): RawBuilder<Row> =>
  sql<Row>`select * from ${sql.id(operation)}(${sql.join(
    Object.entries(given).map(([name, value]) => sql`${sql.id(name)} => ${parameter(value)}`),
  )})`

const parameter = (value: unknown) => (value instanceof Json ? JSON.stringify(value.value) : value)
