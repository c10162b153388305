import type { Kysely } from 'kysely'
import type { IdempotencyRepository } from '../../../domain/idempotency.ts'
import type { Database, Row } from '../tables/schema.ts'

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
      if (opened !== undefined) return { kind: 'opened', isRepeat: false }
      const first = await db
        .selectFrom('idempotency_keys')
        .select(['request_hash', 'response_status', 'response_body'])
        .where('caller', '=', caller)
        .where('key', '=', key)
        .executeTakeFirst()
      return firstAnswer(first, requestHash)
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

type First = Pick<Row<'idempotency_keys'>, 'request_hash' | 'response_status' | 'response_body'>

/** What a key says whose request came before, or is under way. */
export function firstAnswer(
  first: First | undefined,
  requestHash: string,
): Awaited<ReturnType<IdempotencyRepository['open']>> {
  if (first === undefined) return { kind: 'opened', isRepeat: true }
  const { request_hash: hash, response_status: status, response_body: body } = first
  if (hash !== requestHash) return { kind: 'reused' }
  return status === null ? { kind: 'opened', isRepeat: true } : { kind: 'answered', status, body }
}
