import type { SpanAttributes } from './attributes.ts'
import type { Telemetry } from './telemetry.ts'

/** A statement that was answered, without what it was given. */
export type Statement = {
  readonly verb: string
  /** The function that was called, or the first table that was named. */
  readonly procedure?: string | undefined
  readonly table?: string | undefined
  readonly durationMs: number
  readonly isFailed: boolean
}

export type StatementWatch = (statement: Statement) => void

/** Statements as spans of whatever asked; none of their parameters is known here. */
export const statementSpans =
  (telemetry: Telemetry): StatementWatch =>
  ({ verb, procedure, table, durationMs, isFailed }) =>
    telemetry.past({
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

const CALL = /^select \* from "(\w+)"\(/
const NAMED = /\b(?:from|into|update) "?(\w+)"?/

/** What a statement of ours is, by its text, which holds placeholders in place of parameters. */
export function nameStatement(sql: string): Pick<Statement, 'verb' | 'procedure' | 'table'> {
  const verb = /^\w+/.exec(sql)?.[0] ?? 'statement'
  const [, procedure] = CALL.exec(sql) ?? []
  return procedure === undefined
    ? { verb, table: NAMED.exec(sql)?.[1] }
    : { verb: 'call', procedure }
}

/** What a request to PostgREST is, by its method and path: the query string holds values. */
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
