import { z } from 'zod'

/** The part of OpenAPI 3.1 that our document uses. */
const schemaNode: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    items: schemaNode.optional(),
    properties: z.record(z.string(), schemaNode).optional(),
    required: z.array(z.string()).optional(),
    anyOf: z.array(schemaNode).optional(),
    allOf: z.array(schemaNode).optional(),
  }),
)
export type Schema = {
  readonly $ref?: string | undefined
  readonly type?: string | string[] | undefined
  readonly format?: string | undefined
  readonly pattern?: string | undefined
  readonly enum?: unknown[] | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  readonly minItems?: number | undefined
  readonly maxItems?: number | undefined
  readonly items?: Schema | undefined
  readonly properties?: Record<string, Schema> | undefined
  readonly required?: string[] | undefined
  readonly anyOf?: Schema[] | undefined
  readonly allOf?: Schema[] | undefined
}

const operation = z.looseObject({
  operationId: z.string(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().optional(),
        schema: schemaNode,
      }),
    )
    .default([]),
  requestBody: z
    .looseObject({
      content: z.looseObject({ 'application/json': z.looseObject({ schema: schemaNode }) }),
    })
    .optional(),
  responses: z.record(
    z.string(),
    z.looseObject({ content: z.record(z.string(), z.unknown()).optional() }),
  ),
})

const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), schemaNode) }),
})

export type Document = z.infer<typeof documentSchema>
export type Operation = {
  readonly path: string
  readonly method: string
} & z.infer<typeof operation>

/** Parses the API's OpenAPI document. */
export const readDocument = (text: string): Document => documentSchema.parse(JSON.parse(text))

export const operationsOf = ({ paths }: Document): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => ({ path, method, ...each })),
  )
