import type { z } from '@hono/zod-openapi'

/** The content of an answer in JSON. */
export const jsonContent = <Schema extends z.ZodType>(schema: Schema) => ({
  'application/json': { schema },
})

/** A body in JSON that a request must have. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true as const,
  content: jsonContent(schema),
})
