/** A schema of OpenAPI 3.0, as far as Stripe's document uses it. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string
  readonly nullable?: boolean
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  /** An object that has an id of its own, and is answered by itself or expanded. */
  readonly 'x-resourceId'?: string
}

type Content = { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
export type Operation = {
  readonly requestBody: Content
  readonly responses: Readonly<Record<string, Content>>
}

/** Stripe's published document, as far as it is read here. */
export type Document = {
  readonly info: { readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** The path of the document that a request is for: one without braces wins over one with them. */
export function templateOf({ paths }: Document, method: string, path: string): string | undefined {
  const templates = paths[path] === undefined ? Object.keys(paths) : [path]
  return templates.find(
    (template) => matches(template, path) && paths[template]?.[method.toLowerCase()],
  )
}

/** The operation that a request asks for. */
export function operationOf(
  document: Document,
  method: string,
  path: string,
): Operation | undefined {
  const template = templateOf(document, method, path)
  return template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()]
}

function matches(template: string, path: string): boolean {
  const [pattern, asked] = [template.split('/'), path.split('/')]
  return (
    pattern.length === asked.length &&
    pattern.every((segment, index) => segment.startsWith('{') || segment === asked[index])
  )
}
