import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  operationsOf,
  readDocument,
  type Document,
  type Operation,
  type Schema,
} from '../fuzz/document.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let document: Document
beforeAll(async () => {
  world = await createWorld({ worker: false })
  document = readDocument(await (await fetch(`${world.url}/openapi.json`)).text())
})
afterAll(() => world.close())

type Link = {
  readonly operationId: string
  readonly parameters?: Record<string, string>
  readonly requestBody?: Record<string, string>
}
type Given = {
  readonly operations: readonly Operation[]
  readonly path: string
  readonly response: Record<string, unknown>
  readonly link: Link
  readonly name: string
  readonly value: string
}
const resolved = (schema: Schema): Schema =>
  document.components.schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema

const propertiesOf = (schema: Schema): Record<string, Schema> => {
  const { allOf = [], properties = {} } = resolved(schema)
  return Object.assign({}, ...allOf.map(propertiesOf), properties)
}

/** Whether the value of a link exists, and its target has a place for it. */
function isGiven({ operations, path, response, link, name, value }: Given): boolean {
  const target = operations.find(({ operationId }) => operationId === link.operationId)
  const body = target?.requestBody?.content['application/json'].schema
  const isTaken =
    link.parameters === undefined
      ? name in propertiesOf(body ?? {})
      : target?.path.includes(`{${name}}`) === true
  const [, source = '', at = ''] = /^\$(request\.path\.|response\.body#\/)(.+)$/.exec(value) ?? []
  if (source === 'request.path.') return isTaken && path.includes(`{${at}}`)
  const { schema = {} } =
    (response['content'] as Record<string, { schema?: Schema }>)['application/json'] ?? {}
  const field = at
    .split('/')
    .reduce<Schema | undefined>(
      (each, step) => each && (step === '0' ? resolved(each).items : propertiesOf(each)[step]),
      schema,
    )
  return isTaken && field !== undefined
}

test('the OpenAPI document links what a call makes to the calls that use it', () => {
  const operations = operationsOf(document)
  const links = operations.flatMap(({ operationId, path, responses }) =>
    Object.entries(responses).flatMap(([status, response]) =>
      Object.values((response['links'] ?? {}) as Record<string, Link>).map((link) => ({
        from: operationId,
        ...link,
        // A link to nothing: the target has no such parameter, or the response no such field.
        wrong: Object.entries({ ...link.parameters, ...link.requestBody }).filter(
          ([name, value]) => !isGiven({ operations, path, response, link, name, value }),
        ),
        status,
      })),
    ),
  )
  expect(links.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  const targets = (from: string) =>
    links.filter((link) => link.from === from).map(({ operationId }) => operationId)
  expect(targets('checkout')).toEqual(
    expect.arrayContaining(['changePlan', 'cancelSubscription', 'getTimeline']),
  )
  expect(targets('createPlanVersion')).toContain('publishPlanVersion')
  expect(targets('createWebhookEndpoint')).toContain('testWebhookEndpoint')
  expect(targets('reserveUsage')).toEqual(['settleReservation', 'releaseReservation'])
  expect(links.length).toBeGreaterThan(60)
})
