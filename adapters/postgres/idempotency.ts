import type { Kysely } from 'kysely'
import type { IdempotencyRepository } from '../../domain/repositories.ts'
import type { Database } from './schema.ts'

/**
 * There is no lock on a key: two requests with one key may both run, because all that they do has names derived
 * from that key. Whichever answers first is remembered.
 */
export function createIdempotencyRepository(db: Kysely<Database>): IdempotencyRepository {
  return {
    async open(caller, key, requestHash, at) {
      const opened = await db
        .insertInto('idempotency_keys')
        .values({ caller, key, request_hash: requestHash, created_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .returning('key')
        .executeTakeFirst()
      if (opened !== undefined) return { kind: 'opened' }
      const first = await db
        .selectFrom('idempotency_keys')
        .select(['request_hash', 'response_status', 'response_body'])
        .where('caller', '=', caller)
        .where('key', '=', key)
        .executeTakeFirst()
      if (first === undefined || first.request_hash === requestHash) {
        const status = first?.response_status ?? null
        return status === null
          ? { kind: 'opened' }
          : { kind: 'answered', status, body: first?.response_body }
      }
      return { kind: 'reused' }
    },

    async answer(caller, key, status, body) {
      await db
        .updateTable('idempotency_keys')
        .set({ response_status: status, response_body: JSON.stringify(body) })
        .where('caller', '=', caller)
        .where('key', '=', key)
        .where('response_status', 'is', null)
        .execute()
    },
  }
}
