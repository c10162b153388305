import { sql, type Kysely, type RawBuilder } from 'kysely'
import { Json } from '../operations/json.ts'
import {
  conditionsOf,
  type Column,
  type Condition,
  type Filter,
  type NewRow,
  type Query,
  type Table,
  type Tables,
} from '../operations/tables.ts'
import type { Database, Row } from '../tables/schema.ts'

/** Tables over a connection. */
export function createPostgresTables(db: Kysely<Database>): Tables {
  const list = async <T extends Table, C extends Column<T>>(table: T, query: Query<T, C>) => {
    const statement = sql<
      Pick<Row<T>, C>
    >`select ${query.columns === undefined ? sql`*` : refs(query.columns)}
      from ${sql.table(table)} ${whereOf(query)} ${orderOf(query.orderBy)} ${limitOf(query.limit)}`
    return (await statement.execute(db)).rows
  }
  return {
    list,

    find: async (table, query) => (await list(table, { ...query, limit: 1 }))[0],

    async insert<T extends Table>(table: T, row: NewRow<T>, key: readonly Column<T>[]) {
      const statement = sql<Row<T>>`${insertion(table, [row], key)} returning *`
      return (await statement.execute(db)).rows[0]
    },

    async insertAll(table, rows, key) {
      if (rows.length > 0) await insertion(table, rows, key).execute(db)
    },

    async update(table, changes, filter) {
      const assigned = Object.entries(changes).map(
        ([column, value]) => sql`${sql.ref(column)} = ${parameter(value)}`,
      )
      await sql`update ${sql.table(table)} set ${sql.join(assigned)} ${whereOf(filter)}`.execute(db)
    },

    async remove(table, filter) {
      await sql`delete from ${sql.table(table)} ${whereOf(filter)}`.execute(db)
    },
  }
}

type Part = RawBuilder<unknown>
const NOTHING = sql``

function insertion<T extends Table>(
  table: T,
  rows: readonly NewRow<T>[],
  key: readonly string[],
): Part {
  const columns = Object.keys(rows[0] ?? {})
  const values = rows.map((row) => sql`(${sql.join(Object.values(row).map(parameter))})`)
  return sql`insert into ${sql.table(table)} (${refs(columns)}) values ${sql.join(values)}
    on conflict (${refs(key)}) do nothing`
}

const parameter = (value: unknown): Part =>
  sql`${value instanceof Json ? JSON.stringify(value.value) : value}`

const refs = (columns: readonly string[]): Part => sql.join(columns.map((name) => sql.ref(name)))

function whereOf<T extends Table>(filter: Filter<T>): Part {
  const conditions = conditionsOf(filter).map(conditionOf)
  return conditions.length === 0 ? NOTHING : sql`where ${sql.join(conditions, sql` and `)}`
}

function conditionOf({ column: name, operator, values }: Condition): Part {
  const column = sql.ref(name)
  switch (operator) {
    case 'is null':
      return sql`${column} is null`
    case 'in':
    case 'not in':
      return sql`${column} ${sql.raw(operator)} (${sql.join(values)})`
    case '=':
    case '>':
    case '<':
      return sql`${column} ${sql.raw(operator)} ${values[0]}`
  }
}

function orderOf(orderBy: readonly string[] | undefined): Part {
  if (orderBy === undefined) return NOTHING
  const terms = orderBy.map((term) => {
    const [column = term, direction] = term.split(' ')
    return direction === 'desc' ? sql`${sql.ref(column)} desc` : sql.ref(column)
  })
  return sql`order by ${sql.join(terms)}`
}

const limitOf = (limit: number | undefined): Part =>
  limit === undefined ? NOTHING : sql`limit ${limit}`
