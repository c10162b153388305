/** A schema of OpenAPI 3.0, limited to the features in Stripe's document. */
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
  /** An object with its own id, which is returned by itself or expanded. */
  readonly 'x-resourceId'?: string
}

type Content = { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
export type Operation = {
  readonly requestBody: Content
  readonly responses: Readonly<Record<string, Content>>
}

/** The parts of Stripe's published document that this code reads. */
export type Document = {
  readonly info: { readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** The document's path for a request: one without parameters wins over one with them. */
export function templateOf({ paths }: Document, method: string, path: string): string | undefined {
  const templates = paths[path] === undefined ? Object.keys(paths) : [path]
  return templates.find(
    (template) => matches(template, path) && paths[template]?.[method.toLowerCase()],
  )
}

/** The operation of a request. */
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
