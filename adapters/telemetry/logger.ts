import { pino, type Logger as PinoLogger } from 'pino'

export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>

export type LoggerOptions = {
  readonly level: string
  readonly name: string
  /** What each line says besides: the trace that it belongs to. */
  readonly fields?: (() => Readonly<Record<string, string>>) | undefined
}

/**
 * Addresses and keys within any text: errors of others quote what they were given, such as the row that a constraint
 * refused, or the address that a mail server does not know.
 */
const SENSITIVE = /\b(?:(?:sk|rk)_(?:test|live)_|whsec_|bk_)[\w+/=-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g
const CENSOR = '[redacted]'

/** JSON lines on standard output. Whatever looks like a secret or a person's address is cut out before it is written. */
export const createLogger = ({ level, name, fields }: LoggerOptions): Logger =>
  pino({
    level,
    name,
    base: { name },
    ...(fields && { mixin: () => ({ ...fields() }) }),
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'email',
        '*.email',
        'authorization',
        '*.authorization',
        'apiKey',
        '*.apiKey',
        'headers',
      ],
      censor: CENSOR,
    },
    hooks: { streamWrite: (line) => line.replaceAll(SENSITIVE, CENSOR) },
  })
