import { z } from 'zod'

/** Pino's levels: 40 is a warning. */
const WARNING = 40

const logLine = z.object({
  level: z.number().min(WARNING),
  msg: z.string().default(''),
  err: z.object({ message: z.string() }).optional(),
})

/** The log lines of a child that the developer sees: warnings and errors. Its log file has the rest. */
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
    // The process died while writing this line. The log file has it.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
