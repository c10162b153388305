import { pino, type Logger as PinoLogger } from 'pino'

/** Writes JSON lines: fields first, then the message. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>

/** The level, the name of the process and what each line adds. */
export type LoggerOptions = {
  readonly level: string
  readonly name: string
  /** Extra fields of each line: the ids of the current trace. */
  readonly fields?: (() => Readonly<Record<string, string>>) | undefined
}

/**
 * Matches addresses and keys anywhere in a line. Error messages of libraries quote their input: the row that violates a
 * constraint, the address that a mail server does not know.
 */
const SENSITIVE = /\b(?:(?:sk|rk)_(?:test|live)_|whsec_|bk_)[\w+/=-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g
const CENSOR = '[redacted]'

/** Writes JSON lines to standard output. Everything that looks like a secret or an e-mail address is redacted first. */
export const createLogger = ({ level, name, fields }: LoggerOptions): Logger =>
  pino({
    level,
    name,
    base: { name },
    ...(fields && { mixin: () => ({ ...fields() }) }),
    timestamp: pino.stdTimeFunctions.isoTime,
    // Temporal's SDK logs its errors under this name; without a serializer an error is `{}`.
    serializers: { error: pino.stdSerializers.err },
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
