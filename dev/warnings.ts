import { z } from 'zod'

/** Pino's levels: 40 is a warning. */
const WARNING = 40

const logLine = z.object({
  level: z.number().min(WARNING),
  msg: z.string().default(''),
  err: z.object({ message: z.string() }).optional(),
})

/** What the developer should see of a child's log line: warnings and worse. The rest is in its log file. */
export function warningOf(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined
  const parsed = logLine.safeParse(parseJson(line))
  if (!parsed.success) return undefined
  const { msg, err } = parsed.data
  return err ? `${msg}: ${err.message}` : msg
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    // A line that was cut off when its process died. The log file has it.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
