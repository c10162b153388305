import { pino, type Logger as PinoLogger } from 'pino'

export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>

export type LoggerOptions = { readonly level: string; readonly name: string }

/** JSON lines on standard output. Whatever looks like a secret or a person's address is cut out before it is written. */
export const createLogger = ({ level, name }: LoggerOptions): Logger =>
  pino({
    level,
    name,
    base: { name },
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
      censor: '[redacted]',
    },
  })
