import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { operationOf, type Document, type Schema } from './document.ts'
import { toJsonSchema } from './json-schema.ts'

/** A request and its answer. */
export type Exchange = {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly body: unknown
}

export type Published = {
  /** All differences between an answer and the document. */
  readonly violationsOf: (exchange: Exchange) => string[]
}

/** All schemas by name, so that they can refer to each other. */
const ID = 'https://stripe.example/document'

/** Compares answers with the document that Stripe has published. */
export function publishedBy(document: Document): Published {
  const { schemas } = document.components
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({
    $id: ID,
    components: {
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, each]) => [name, toJsonSchema(document, each)]),
      ),
    },
  })
  const compiled = new Map<string, ValidateFunction>()
  const check = (key: string, schema: () => object): ValidateFunction => {
    const known = compiled.get(key) ?? ajv.compile(schema())
    compiled.set(key, known)
    return known
  }
  const named = (name: string) => check(name, () => ({ $ref: `${ID}#/components/schemas/${name}` }))
  const eventTypes = eventTypesOf(document)

  return {
    violationsOf({ method, path, status, body }) {
      const operation = operationOf(document, method, path)
      if (operation === undefined) return [`${method} ${path} is not in the document`]
      const content = operation.responses[String(status)] ?? operation.responses['default']
      const schema = content?.content['application/json']?.schema
      if (schema === undefined) return [`${method} ${path} has no answer ${status}`]
      const own = check(JSON.stringify(schema), () => within(toJsonSchema(document, schema)))
      const at = `${method} ${path}`
      return [...messages(own, body, at), ...entitiesIn(body).flatMap(violationsOfEntity)]
    },
  }

  function violationsOfEntity(entity: Entity): string[] {
    const name = entity['deleted'] === true ? `deleted_${entity.object}` : entity.object
    if (schemas[name] === undefined) return [`${name} is not in the document`]
    const found = messages(named(name), entity, name)
    if (name === 'event' && !eventTypes.has(String(entity['type'])))
      found.push(`${String(entity['type'])} is no type of an event`)
    return found
  }
}

/** References point into the document, from any schema. */
const within = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components', `"${ID}#/components`))

function messages(validate: ValidateFunction, value: unknown, at: string): string[] {
  if (validate(value)) return []
  return [
    ...new Set((validate.errors ?? []).filter(isInformative).map((error) => worded(error, at))),
  ]
}

/** Errors of `null` alternatives and of `anyOf` as a whole carry no information. */
const isInformative = ({ keyword, params }: ErrorObject): boolean =>
  keyword !== 'anyOf' && !(keyword === 'type' && params['type'] === 'null')

const worded = ({ instancePath, message, params }: ErrorObject, at: string) =>
  `${at}${instancePath} ${message}${params['additionalProperty'] ? `: ${params['additionalProperty']}` : ''}`

type Entity = Readonly<Record<string, unknown>> & { readonly object: string }

/** All objects with an `object` name in an answer, at any depth. */
function entitiesIn(value: unknown): Entity[] {
  if (Array.isArray(value)) return value.flatMap(entitiesIn)
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.values(value).flatMap(entitiesIn)
  return isEntity(value) && value.object !== 'list' ? [value, ...inside] : inside
}

const isEntity = (value: object): value is Entity =>
  'object' in value && typeof value.object === 'string'

/** The event types that an endpoint may subscribe to. */
function eventTypesOf(document: Document): ReadonlySet<unknown> {
  const content = document.paths['/v1/webhook_endpoints']?.['post']?.requestBody.content
  const form = content?.['application/x-www-form-urlencoded']?.schema
  const types: Schema | undefined = form?.properties?.['enabled_events']?.items
  return new Set(types?.enum)
}
