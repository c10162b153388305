import type { ColumnType } from 'kysely'

/** A `timestamptz`, read and written as a date. */
export type Instant = ColumnType<Date, Date, Date>
