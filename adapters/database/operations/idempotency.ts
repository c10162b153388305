import type { IdempotencyRepository } from '../../../domain/idempotency.ts'
import { Json } from './json.ts'
import type { Tables } from './tables.ts'

/**
 * A key is not locked: two requests with the same key may both run, because everything that they do has names derived
 * from the key. The first one that finishes is remembered.
 */
export function createIdempotencyRepository(tables: Tables): IdempotencyRepository {
  return {
    async open(caller, key, requestHash, at) {
      const row = { caller, key, request_hash: requestHash, created_at: at }
      const opened = await tables.insert('idempotency_keys', row, ['caller', 'key'])
      if (opened !== undefined) return { kind: 'opened', isRepeat: false }
      const first = await tables.find('idempotency_keys', {
        columns: ['request_hash', 'response_status', 'response_body'],
        where: { caller, key },
      })
      if (first === undefined) return { kind: 'opened', isRepeat: true }
      if (first.request_hash !== requestHash) return { kind: 'reused' }
      return first.response_status === null
        ? { kind: 'opened', isRepeat: true }
        : { kind: 'answered', status: first.response_status, body: first.response_body }
    },

    answer: (caller, key, status, body) =>
      tables.update(
        'idempotency_keys',
        { response_status: status, response_body: new Json(body) },
        { where: { caller, key, response_status: null } },
      ),
  }
}
