import { describe, expect, test } from 'vitest'
import { nameRequest, nameStatement } from '../../../adapters/telemetry/sql.ts'
import { templateOf } from '../../../adapters/stripe/sdk/watched-http-client.ts'

describe('a path at Stripe', () => {
  test.each([
    ['/v1/customers', '/v1/customers'],
    ['/v1/subscriptions/sub_1Abc?expand[0]=x', '/v1/subscriptions/{id}'],
    ['/v1/checkout/sessions/cs_test_a1/expire', '/v1/checkout/sessions/{id}/expire'],
    ['/v1/coupons/SPRING', '/v1/coupons/{id}'],
    ['/v1/promotion_codes?code=ada%40example.com', '/v1/promotion_codes'],
    ['/v1/invoices/create_preview', '/v1/invoices/create_preview'],
    ['/v1/prices/ada@example.com', '/v1/prices/{id}'],
  ])('%s is named %s', (path, template) => expect(templateOf(path)).toBe(template))
})

describe('a statement', () => {
  test.each([
    ['select * from "consume_usage"("p_now" => $1)', { verb: 'call', procedure: 'consume_usage' }],
    ['select "plans".* from "plans" where "slug" = $1', { verb: 'select', table: 'plans' }],
    [
      'insert into "stripe_events" ("account") values ($1)',
      { verb: 'insert', table: 'stripe_events' },
    ],
    ['update "notices" set "state" = $1', { verb: 'update', table: 'notices' }],
    ['select 1', { verb: 'select', table: undefined }],
  ])('%s is named by its operation', (sql, named) => expect(nameStatement(sql)).toEqual(named))

  test.each([
    ['POST', '/rest/v1/rpc/consume_usage', { verb: 'call', procedure: 'consume_usage' }],
    ['GET', '/rest/v1/customers', { verb: 'select', table: 'customers' }],
    ['PATCH', '/rest/v1/notices', { verb: 'update', table: 'notices' }],
  ])('%s %s is named the same way', (method, path, named) =>
    expect(nameRequest(method, path)).toEqual(named),
  )
})
