import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { isReplyTimeout } from '../../failures/database.ts'

/**
 * The pool in the form that Kysely wants. A connection without a reply in time (the network dropped it silently) is
 * closed instead of returned to the pool: its next statement would wait behind the one that never ends.
 */
export function closingSilentConnections(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    async connect() {
      const client = await pool.connect()
      const watched = known.get(client) ?? watch(client)
      known.set(client, watched)
      return watched
    },
    end: () => pool.end(),
  }
}

function watch(client: pg.PoolClient): PostgresPoolClient {
  let timeout: Error | undefined
  const query = async (text: string, values: readonly unknown[]) => {
    try {
      return await client.query(text, [...values])
    } catch (error) {
      if (error instanceof Error && isReplyTimeout(error)) timeout = error
      throw error
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Kysely passes text and values, and opens no cursor
  return { query, release: () => client.release(timeout) } as unknown as PostgresPoolClient
}
