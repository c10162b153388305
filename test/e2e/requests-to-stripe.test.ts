import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Exchange } from '../../packages/stripe-simulator/http/api.ts'
import { templateOf, type Document } from '../packages/stripe-simulator/published/document.ts'
import {
  hasPublishedDocument,
  publishedDocument,
} from '../packages/stripe-simulator/published/module.ts'
import {
  NEW_CALLS,
  NEW_PARAMETERS,
  withOverlay,
} from '../packages/stripe-simulator/published/overlay.ts'
import { publishedViolationsOf } from '../packages/stripe-simulator/published/published.ts'
import {
  hasStripeMock,
  startStripeMock,
  type StripeMock,
} from '../packages/stripe-simulator/published/stripe-mock.ts'
import { requestsOfFullLifecycle } from '../support/requests-to-stripe.ts'

/** The minimum number of distinct calls for this test to prove anything. */
const CALLS = [
  'DELETE /v1/subscriptions/{subscription_exposed_id}',
  'GET /v1/checkout/sessions/{session}',
  'GET /v1/coupons/{coupon}',
  'GET /v1/customers',
  'GET /v1/events',
  'GET /v1/invoice_payments',
  'GET /v1/invoices',
  'GET /v1/prices',
  'GET /v1/promotion_codes',
  'GET /v1/refunds',
  'GET /v1/subscriptions',
  'GET /v1/subscriptions/{subscription_exposed_id}',
  'POST /v1/billing_portal/sessions',
  'POST /v1/checkout/sessions',
  'POST /v1/checkout/sessions/{session}/expire',
  'POST /v1/customers',
  'POST /v1/invoices/create_preview',
  'POST /v1/invoices/{invoice}/void',
  'POST /v1/prices',
  'POST /v1/products',
  'POST /v1/refunds',
  'POST /v1/subscription_schedules',
  'POST /v1/subscription_schedules/{schedule}',
  'POST /v1/subscription_schedules/{schedule}/release',
  'POST /v1/subscriptions/{subscription_exposed_id}',
  'POST /v1/subscriptions/{subscription}/pause',
  'POST /v1/subscriptions/{subscription}/resume',
]

describe.skipIf(!(await hasPublishedDocument()))(
  'the requests of a full lifecycle to Stripe',
  () => {
    let document: Document
    let exchanges: readonly Exchange[]
    /** One example of each call with each set of parameters. */
    let shapes: ReadonlyMap<string, Exchange>
    const callOf = ({ method, path }: Exchange) =>
      `${method} ${templateOf(document, method, path) ?? path}`

    beforeAll(async () => {
      const published = await publishedDocument()
      if (published === undefined) throw new Error('the published document is missing')
      document = withOverlay(published)
      exchanges = await requestsOfFullLifecycle()
      shapes = new Map(
        exchanges.map((each) => [`${callOf(each)} ${parametersOf(each).join(' ')}`, each]),
      )
    }, 240_000)

    test('include every call that this service can make, except those of meters and erasure', () => {
      expect([...new Set(exchanges.map(callOf))]).toEqual(expect.arrayContaining(CALLS))
    })

    test('are answered as the published document says', async () => {
      const found = await Promise.all(exchanges.map(publishedViolationsOf))
      expect([...new Set(found.flat())]).toEqual([])
    })

    describe.skipIf(!hasStripeMock())('sent to stripe-mock', () => {
      let mock: StripeMock
      beforeAll(async () => {
        mock = await startStripeMock()
      })
      afterAll(() => mock.stop())

      const isNewer = (each: Exchange): boolean =>
        NEW_CALLS.some(({ call }) => call === callOf(each)) ||
        NEW_PARAMETERS.some(
          ({ call, parameter }) => call === callOf(each) && parametersOf(each).includes(parameter),
        )

      test('are accepted there as here, except for newer calls and parameters', async () => {
        const disagreements: string[] = []
        for (const [shape, exchange] of shapes) {
          const refusal = await mock.refusalOf(exchange)
          const isAccepted = !isMistake(exchange) && !isNewer(exchange)
          if ((refusal === undefined) !== isAccepted)
            disagreements.push(`${shape} (${exchange.status} here): ${refusal ?? 'accepted there'}`)
        }
        expect(disagreements).toEqual([])
      })

      test('are refused there with an unknown parameter', async () => {
        const accepted: string[] = []
        for (const [shape, exchange] of shapes) {
          if (exchange.method !== 'POST') continue
          const encoded = `${exchange.encoded}${exchange.encoded === '' ? '' : '&'}nonsense=1`
          if ((await mock.refusalOf({ ...exchange, encoded })) === undefined) accepted.push(shape)
        }
        expect(accepted).toEqual([])
      })
    })
  },
)

/** The names of its parameters; those in lists without their index. */
function parametersOf({ encoded }: Exchange): string[] {
  const names = [...new URLSearchParams(encoded).keys()]
  return [...new Set(names.map((name) => name.replaceAll(/\[\d+\]/g, '[]')))].sort()
}

/** Whether the request itself was malformed, rather than refused because of the object's state. */
function isMistake({ status, body }: Exchange): boolean {
  const { code = '', param } = Object(Object(body).error)
  return (
    status === 400 && (String(code).startsWith('parameter_') || (code === '' && Boolean(param)))
  )
}
