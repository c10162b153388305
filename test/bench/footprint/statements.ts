import type pg from 'pg'

/** Statements of the bench itself, which poll for progress. */
const OWN =
  /^select from (?:stripe_events|notices) where|^select id from subscriptions where status not in|^select min\(|pg_stat_statements|^(?:begin|commit|rollback|start transaction)/i

/** Statements that sweeps repeat: count only those that found rows. */
const SWEPT = /skip locked|claim_|due_at <=/i

export type Statement = { readonly query: string; readonly calls: number }

/** Counts the statements in one database. */
export type Statements = {
  /** The statements of `run`, without those for transactions, the most frequent first. */
  readonly of: <T>(run: () => Promise<T>) => Promise<{ asked: Statement[]; result: T }>
}

export async function openStatements(pool: pg.Pool): Promise<Statements> {
  await pool.query('create extension if not exists pg_stat_statements')
  return {
    async of(run) {
      await pool.query('select pg_stat_statements_reset()')
      const result = await run()
      const { rows } = await pool.query<{ query: string; calls: number; rows: number }>(
        `select s.query, sum(s.calls)::int as calls, sum(s.rows)::int as rows
         from pg_stat_statements s join pg_database d on d.oid = s.dbid
         where d.datname = current_database() and s.toplevel group by 1`,
      )
      const asked = rows
        .map(({ query, ...each }) => ({ ...each, query: query.replaceAll(/\s+/g, ' ').trim() }))
        .filter(({ query }) => !OWN.test(query))
        .map(({ query, calls, rows: found }) => ({
          query,
          calls: SWEPT.test(query) ? Math.min(calls, found) : calls,
        }))
        .filter(({ calls }) => calls > 0)
        .sort((one, other) => other.calls - one.calls)
      return { asked, result }
    },
  }
}

export const total = (statements: readonly Statement[]): number =>
  statements.reduce((sum, { calls }) => sum + calls, 0)
