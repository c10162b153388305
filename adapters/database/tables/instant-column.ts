import type { ColumnType } from 'kysely'

/** Postgres and the pool give instants as dates. */
export type Instant = ColumnType<Date, Date, Date>
