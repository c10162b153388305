import type { Stripe } from 'stripe'
import { rowByPath } from '../http/by-path.ts'
import { listPage, paging } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import {
  emptyable,
  flag,
  list,
  metadata,
  required,
  text,
  unmodelled,
  type Covers,
} from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import { API_VERSION } from '../http/version.ts'
import { newId } from '../store/ids.ts'
import type { WebhookEndpoint } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { given } from './given.ts'
import { mergeMetadata } from './metadata.ts'

/** Stripe's limit per account. */
const ENDPOINTS_MAX = 16
/** There are fewer event types than this. */
const TYPES_MAX = 400

const CREATE = {
  api_version: text(),
  connect: unmodelled,
  description: emptyable(text()),
  enabled_events: required(list(text(), TYPES_MAX)),
  metadata: metadata(),
  url: required(text()),
} as const satisfies Covers<Stripe.WebhookEndpointCreateParams>

const UPDATE = {
  description: emptyable(text()),
  disabled: flag(),
  enabled_events: list(text(), TYPES_MAX),
  metadata: metadata(),
  url: text(),
} as const satisfies Covers<Stripe.WebhookEndpointUpdateParams>

const byPath = (step: Step, ids: Ids): WebhookEndpoint =>
  rowByPath(
    step,
    { table: 'webhookEndpoints', noun: 'webhook endpoint', param: 'webhook_endpoint' },
    ids,
  )

/** Webhook endpoints: create, retrieve, update, delete and list. @see https://docs.stripe.com/webhooks */
export const webhookEndpoints = [
  operation('POST /v1/webhook_endpoints', {
    answers: 'webhook_endpoint',
    params: CREATE,
    // The only response that contains the secret.
    asIs: true,
    run(step, { params }) {
      checkUrl(params.url)
      checkEvents(params.enabled_events)
      if ([...step.rows('webhookEndpoints')].length >= ENDPOINTS_MAX) {
        throw invalid(`You have reached the maximum of ${ENDPOINTS_MAX} webhook endpoints.`)
      }
      const version = params.api_version ?? API_VERSION
      if (version !== API_VERSION) {
        throw invalid(
          `The Stripe simulator renders ${API_VERSION} only.`,
          'api_version',
          'not_simulated',
        )
      }
      return step.put('webhookEndpoints', {
        id: newId('we'),
        object: 'webhook_endpoint',
        api_version: params.api_version ?? null,
        application: null,
        created: step.now,
        description: params.description ?? null,
        enabled_events: [...params.enabled_events],
        livemode: false,
        metadata: params.metadata ?? {},
        secret: newId('whsec', 32),
        status: 'enabled',
        url: params.url,
      })
    },
  }),
  operation('GET /v1/webhook_endpoints/:id', {
    answers: 'webhook_endpoint',
    params: {},
    run: (step, { ids }) => byPath(step, ids),
  }),
  operation('POST /v1/webhook_endpoints/:id', {
    answers: 'webhook_endpoint',
    params: UPDATE,
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      const { description, enabled_events: types, url } = params
      if (url !== undefined) checkUrl(url)
      if (types !== undefined) checkEvents(types)
      return step.put('webhookEndpoints', {
        ...row,
        ...given({ description, url, enabled_events: types && [...types] }),
        metadata: mergeMetadata(row.metadata, params.metadata),
        status:
          params.disabled === undefined ? row.status : params.disabled ? 'disabled' : 'enabled',
      })
    },
  }),
  operation('DELETE /v1/webhook_endpoints/:id', {
    answers: 'webhook_endpoint',
    params: {},
    run(step, { ids }) {
      const row = byPath(step, ids)
      for (const delivery of step.rows('deliveries', { index: 'endpoint', key: row.id })) {
        step.erase('deliveries', delivery.id)
      }
      step.erase('webhookEndpoints', row.id)
      return { id: row.id, object: 'webhook_endpoint', deleted: true }
    },
  }),
  operation('GET /v1/webhook_endpoints', {
    answers: 'webhook_endpoint',
    isList: true,
    params: paging,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/webhook_endpoints',
        noun: 'webhook endpoint',
        table: 'webhookEndpoints',
        walk: undefined,
        params,
        where: () => true,
      }),
  }),
]

function checkUrl(url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return
  throw invalid('Not a valid URL', 'url', 'url_invalid')
}

function checkEvents(types: readonly string[]): void {
  if (types.length > 0) return
  throw invalid('Invalid enabled_events: must name at least one event.', 'enabled_events')
}
