import type { Stripe } from 'stripe'
import { listPage, paging, within } from '../http/list.ts'
import { operation } from '../http/operation.ts'
import { flag, list, range, text, type Covers } from '../http/params.ts'
import { invalid, missing } from '../http/refusal.ts'
import { EVENTS_KEPT_FOR } from '../webhooks/emit.ts'

const TYPES_MAX = 20

const LIST = {
  ...paging,
  created: range(),
  delivery_success: flag(),
  type: text(),
  types: list(text(), TYPES_MAX),
} as const satisfies Covers<Stripe.EventListParams>

/** Events: retrieve and list, those of the last 30 days. @see https://docs.stripe.com/api/events */
export const events = [
  operation('GET /v1/events/:id', {
    answers: 'event',
    params: {},
    run(step, { ids }) {
      const id = ids['id'] ?? ''
      const row = step.find('events', id)
      const isGone = row === undefined || row.created < step.now - EVENTS_KEPT_FOR
      if (isGone) throw missing('event', id, 'id', 'path')
      return row
    },
  }),
  operation('GET /v1/events', {
    answers: 'event',
    isList: true,
    params: LIST,
    run(step, { params }) {
      const { type, types, delivery_success: delivered } = params
      if (type !== undefined && types !== undefined) {
        throw invalid('You can only use one of type and types.', 'types')
      }
      const isPending = (id: string) =>
        !step.rows('deliveries', { index: 'event', key: id }).next().done
      return listPage(step, {
        url: '/v1/events',
        noun: 'event',
        table: 'events',
        walk: undefined,
        params,
        where: (row) =>
          row.created >= step.now - EVENTS_KEPT_FOR &&
          within(params.created, row.created) &&
          (type === undefined || named(type, row.type)) &&
          (types === undefined || types.includes(row.type)) &&
          (delivered === undefined || delivered === !isPending(row.id)),
      })
    },
  }),
]

/** `invoice.*` matches all invoice events. */
const named = (pattern: string, type: string) =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
