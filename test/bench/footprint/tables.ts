import type pg from 'pg'

export type Size = {
  readonly name: string
  readonly rows: number
  /** Bytes of a row in its table. */
  readonly heap: number
  /** Bytes of a row with its indexes and TOAST. */
  readonly whole: number
}

/** The sizes of tables with rows, with partitions summed; nearly empty tables look larger than they are. */
export async function sizesOf(pool: pg.Pool): Promise<Size[]> {
  const { rows } = await pool.query<{ name: string; heap: number; whole: number }>(
    `select coalesce(parent.relname, c.relname) as name,
       sum(pg_relation_size(c.oid))::int as heap, sum(pg_total_relation_size(c.oid))::int as whole
     from pg_class c
     left join pg_inherits i on i.inhrelid = c.oid
     left join pg_class parent on parent.oid = i.inhparent
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
     group by 1 order by 1`,
  )
  const sizes: Size[] = []
  for (const { name, heap, whole } of rows) {
    const counted = await pool.query<{ count: number }>(
      `select count(*)::int as count from ${name}`,
    )
    const count = counted.rows[0]?.count ?? 0
    if (count > 0) sizes.push({ name, rows: count, heap: heap / count, whole: whole / count })
  }
  return sizes
}
