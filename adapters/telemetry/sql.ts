import type { SpanAttributes } from './attributes.ts'
import type { Telemetry } from './telemetry.ts'

/** A completed SQL statement, without its parameters. */
export type Statement = {
  readonly verb: string
  /** The called function; otherwise `table` is the first table in the statement. */
  readonly procedure?: string | undefined
  readonly table?: string | undefined
  readonly durationMs: number
  readonly isFailed: boolean
}

/** Called after each SQL statement, with its shape and duration; never with its values. */
export type StatementWatch = (statement: Statement) => void

/** Records statements as spans of the current trace. */
export const statementSpans =
  (telemetry: Telemetry): StatementWatch =>
  ({ verb, procedure, table, durationMs, isFailed }) =>
    telemetry.pastSpan({
      name: procedure ?? (table === undefined ? verb : `${verb} ${table}`),
      kind: 'client',
      durationMs,
      outcome: isFailed ? 'failed' : undefined,
      attributes: {
        'db.system.name': 'postgresql',
        'db.operation.name': verb,
        ...(procedure !== undefined && { 'db.stored_procedure.name': procedure }),
        ...(table !== undefined && { 'db.collection.name': table }),
      } satisfies SpanAttributes,
    })

const FUNCTION_CALL = /^select \* from "(\w+)"\(/
const FIRST_TABLE = /\b(?:from|into|update) "?(\w+)"?/

/** @param sql a statement with placeholders for its parameters */
export function nameStatement(sql: string): Pick<Statement, 'verb' | 'procedure' | 'table'> {
  const verb = /^\w+/.exec(sql)?.[0] ?? 'statement'
  const [, procedure] = FUNCTION_CALL.exec(sql) ?? []
  return procedure === undefined
    ? { verb, table: FIRST_TABLE.exec(sql)?.[1] }
    : { verb: 'call', procedure }
}

/** Names a request to PostgREST. @param path without the query string, which holds values */
export function nameRequest(
  method: string,
  path: string,
): Pick<Statement, 'verb' | 'procedure' | 'table'> {
  const [, isCall, name] = /\/rest\/v1\/(rpc\/)?(\w+)$/.exec(path) ?? []
  if (isCall !== undefined) return { verb: 'call', procedure: name }
  return { verb: VERBS[method] ?? method.toLowerCase(), table: name }
}

const VERBS: Readonly<Record<string, string>> = {
  GET: 'select',
  HEAD: 'select',
  POST: 'insert',
  PATCH: 'update',
  DELETE: 'delete',
}
