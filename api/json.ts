import type { z } from '@hono/zod-openapi'

/** The `content` of a JSON response in a route. */
export const jsonContent = <Schema extends z.ZodType>(schema: Schema) => ({
  'application/json': { schema },
})

/** The `body` of a route that requires JSON. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true as const,
  content: jsonContent(schema),
})
