import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'

/**
 * The pool as Kysely wants it. A connection that gave no answer in time (a network that lost it without a word) is
 * ended, not put back: whoever got it next would wait behind the question that nobody answers.
 */
export function endingSilentConnections(pool: pg.Pool): PostgresPool {
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
  let silence: Error | undefined
  const query = async (text: string, values: readonly unknown[]) => {
    try {
      return await client.query(text, [...values])
    } catch (error) {
      if (error instanceof Error && isSilence(error)) silence = error
      throw error
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Kysely asks by text and values, and opens no cursor
  return { query, release: () => client.release(silence) } as unknown as PostgresPoolClient
}

/** The client's own words for an answer that did not come. */
export const isSilence = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Query read timeout'
