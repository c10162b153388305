import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { storeActive } from '../support/rows.ts'
import { createWorld, type World } from '../support/world.ts'
import { createConformance } from './conformance.ts'
import { operationsOf, readDocument, type Document, type Operation } from './document.ts'
import { requestsOf, type GivenRequest } from './requests.ts'

/** Requests per operation. Set `FUZZ_RUNS` for more. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 40)
/** Existing values, so that some requests succeed. */
const KNOWN = {
  feature: ['messages_sent', 'members'],
  plan_id: ['plan_free', 'plan_pro_monthly', 'plan_enterprise'],
  time_zone: ['America/Sao_Paulo'],
  locale: ['pt-BR'],
  email: ['ada@example.com'],
}
/** Excluded, because every body without Stripe's signature is refused unread. */
const SIGNED = '/api/v1/billing/webhooks/stripe'
/** It may retire every plan, so it comes last. */
const PRUNING = '/admin/catalogue/apply'
const FUZZ_TIMEOUT_MS = 300_000

let world: World
let document: Document
beforeAll(async () => {
  world = await createWorld()
  document = readDocument(await (await fetch(`${world.url}/openapi.json`)).text())
})
afterAll(() => world.close())

async function send(user: string, { method }: Operation, { path, headers, body }: GivenRequest) {
  const response = await fetch(`${world.url}${path}`, {
    method: method.toUpperCase(),
    headers: {
      authorization: 'Bearer bk_dev_operator',
      'x-user-id': user,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  const contentType = response.headers.get('content-type')
  const isYaml = contentType?.includes('yaml') ?? false
  const read = () => (isYaml ? parse(text) : JSON.parse(text)) as unknown
  return { status: response.status, contentType, body: text === '' ? undefined : read() }
}

test(
  'no request causes an error, and every response conforms to the OpenAPI document',
  { timeout: FUZZ_TIMEOUT_MS },
  async () => {
    const conformance = createConformance(document)
    const isLast = ({ path }: Operation) => Number(path.endsWith(PRUNING))
    const operations = operationsOf(document)
      .filter(({ path }) => path !== SIGNED)
      .toSorted((a, b) => isLast(a) - isLast(b))
    expect(operations.length).toBeGreaterThan(30)
    const seen = new Set<number>()
    const failures: string[] = []
    for (const operation of operations) {
      // A new subscription per operation, because another one may have canceled it.
      const { id, userId } = await storeActive(world.database.repositories, {
        at: world.clock.now(),
      })
      const known = { ...KNOWN, id: [id], user_id: [userId] }
      const found = await fc.check(
        fc.asyncProperty(requestsOf(document, operation, known), async (request) => {
          const answer = await send(userId, operation, request)
          seen.add(answer.status)
          const wrong = conformance(operation, answer)
          if (wrong) throw new Error(`${operation.method} ${request.path}: ${wrong}`)
        }),
        { numRuns: RUNS },
      )
      if (found.failed) failures.push(fc.defaultReportMessage(found) ?? operation.path)
    }
    expect(failures).toEqual([])
    // Without these the requests were all refused.
    expect([...seen]).toEqual(expect.arrayContaining([200, 201, 404, 409, 422]))
  },
)
