import type { IdempotencyRepository } from '../../../domain/idempotency.ts'
import { firstAnswer } from '../postgres/idempotency.ts'
import type { Tables } from './rows.ts'

/** There is no lock on a key; see the native one. */
export const createIdempotencyRepository = (tables: Tables): IdempotencyRepository => ({
  async open(caller, key, requestHash, at) {
    const row = { caller, key, request_hash: requestHash, created_at: at }
    const opened = await tables.first('idempotency_keys', (from) =>
      from.upsert(row, { ignoreDuplicates: true }).select('key'),
    )
    if (opened !== undefined) return { kind: 'opened', isRepeat: false }
    const first = await tables.first('idempotency_keys', (from) =>
      from
        .select('request_hash, response_status, response_body')
        .eq('caller', caller)
        .eq('key', key),
    )
    return firstAnswer(first, requestHash)
  },

  answer: (caller, key, status, body) =>
    tables.write('idempotency_keys', (from) =>
      from
        .update({ response_status: status, response_body: body })
        .eq('caller', caller)
        .eq('key', key)
        .is('response_status', null),
    ),
})
