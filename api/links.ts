import type { OpenAPIHono } from '@hono/zod-openapi'

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>
type PathItem = NonNullable<Document['paths']>[string]
type Operation = NonNullable<PathItem['get']> & { leadsTo?: readonly Lead[] }

/** A value of the request or of its response, as an expression of OpenAPI. */
type Expression = `$response.body#/${string}` | `$request.${'path' | 'body'}${string}`
type Values = Readonly<Record<string, Expression>>

/** Where a successful call leads: to calls that use what it made. Each becomes a link of its responses. */
export type Lead =
  | { readonly kind: 'below'; readonly path: string; readonly parameters: Values }
  | { readonly kind: 'calls'; readonly operationIds: readonly string[]; readonly body: Values }

/** Leads to every call whose path begins with this one and has no further parameter. */
export const below = (path: string, parameters: Values): Lead => ({
  kind: 'below',
  path,
  parameters,
})

/** Leads to calls whose bodies have these fields. */
export const toCalls = (operationIds: readonly string[], body: Values): Lead => ({
  kind: 'calls',
  operationIds,
  body,
})

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const
type Found = { readonly path: string; readonly operation: Operation }

/**
 * Replaces the leads that the routes declare by links of their successful responses.
 *
 * @throws if a lead leads to no call.
 * @see https://spec.openapis.org/oas/v3.1.0#link-object
 */
export function withLinks(document: Document, basePath: string): Document {
  const all = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method): Found[] => {
      const operation = item[method]
      return operation === undefined ? [] : [{ path: path.replace(basePath, ''), operation }]
    }),
  )
  for (const { operation } of all) {
    const { leadsTo: leads } = operation
    if (leads === undefined) continue
    const links = Object.fromEntries(leads.flatMap((lead) => linksOf(lead, operation, all)))
    for (const [status, response] of Object.entries(operation.responses ?? {}))
      if (status.startsWith('2')) Object.assign(response, { links })
    delete operation.leadsTo
  }
  return document
}

function linksOf(lead: Lead, from: Operation, all: readonly Found[]) {
  const targets = all.filter(
    ({ path, operation }) => operation !== from && isTarget(lead, path, operation),
  )
  if (targets.length === 0) throw new Error(`a lead of ${from.operationId} leads to no call`)
  const given = lead.kind === 'below' ? { parameters: lead.parameters } : { requestBody: lead.body }
  return targets.map(({ operation: { operationId = '' } }) => [
    operationId,
    { operationId, ...given },
  ])
}

function isTarget(lead: Lead, path: string, { operationId = '' }: Operation): boolean {
  if (lead.kind === 'calls') return lead.operationIds.includes(operationId)
  if (path !== lead.path && !path.startsWith(`${lead.path}/`)) return false
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return names.every((name) => name in lead.parameters)
}
