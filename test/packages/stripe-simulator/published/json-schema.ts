import type { Document, Schema } from './document.ts'

const PREFIX = '#/components/schemas/'

/**
 * Converts a schema of the document to a stricter JSON Schema, which forbids unknown fields. Checks only the kind of nested
 * objects with an id: they are checked separately, by their own schema.
 */
export function toJsonSchema(document: Document, schema: Schema): object {
  const { $ref, nullable, properties, required, items, anyOf, additionalProperties } = schema
  if ($ref !== undefined) return orNull(nullable, reference(document, $ref))
  const convert = (each: Schema) => toJsonSchema(document, each)
  return orNull(nullable, {
    ...(schema.type && { type: schema.type }),
    ...(schema.enum && { enum: schema.enum }),
    ...(schema.pattern && { pattern: schema.pattern }),
    ...(required && { required }),
    ...(anyOf && { anyOf: anyOf.map(convert) }),
    ...(items && { items: convert(items) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: convert(additionalProperties),
    }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, each]) => [name, convert(each)]),
      ),
      ...(additionalProperties === undefined &&
        Object.keys(properties).length > 0 && { additionalProperties: false }),
    }),
  })
}

const orNull = (nullable: boolean | undefined, schema: object): object =>
  nullable === true ? { anyOf: [{ type: 'null' }, schema] } : schema

function reference({ components }: Document, $ref: string): object {
  const target = components.schemas[$ref.slice(PREFIX.length)]
  const kinds = target?.['x-resourceId'] && target.properties?.['object']?.enum
  if (!kinds) return { $ref }
  const isDeleted = target.properties?.['deleted'] !== undefined
  return {
    type: 'object',
    required: isDeleted ? ['object', 'deleted'] : ['object'],
    properties: { object: { enum: kinds } },
  }
}
