import { z } from '@hono/zod-openapi'

/**
 * The object of a request: unknown fields are refused, and null is absent for every optional field. Programs write null for
 * what they do not have, and preview answers contain it.
 */
export function requestObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const fields = Object.entries(shape).map(([name, field]) => [name, nullIsAbsent(field)])
  // Handlers get undefined for null, so the type of the parsed object is the one of the shape.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return z.strictObject(Object.fromEntries(fields)) as unknown as ReturnType<
    typeof z.strictObject<Shape>
  >
}

function nullIsAbsent(field: unknown): unknown {
  if (!(field instanceof z.ZodOptional || field instanceof z.ZodDefault)) return field
  // A field for which null has a meaning, such as no expiry.
  if (field.safeParse(null).success) return field
  const given = z.nullable(field.unwrap())
  const { description } = field
  const accepted =
    field instanceof z.ZodDefault
      ? given.optional().transform((value) => value ?? field.def.defaultValue)
      : given.optional().transform((value) => value ?? undefined)
  const described = description === undefined ? accepted : accepted.describe(description)
  return field instanceof z.ZodDefault
    ? described.openapi({ default: field.def.defaultValue })
    : described
}
